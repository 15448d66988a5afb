import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { link, mkdtemp, open, rename, rm } from 'node:fs/promises'; // late
import { dirname, join } from 'node:path';
import { ConfigError, reasonOf } from '../errors';
import { makeFolder } from './make-folder';
import { fileExposure, folderExposure } from './private-path';

/** The files of one certificate authority, laid out as http-mitm-proxy looks for them in its `sslCaDir`. */
export class AuthorityFiles {
  readonly folder: string;
  readonly certificate: string;
  readonly privateKey: string;
  readonly publicKey: string;
  readonly #uid: number | undefined;

  /** `uid` is the user who must own the files; undefined where files have no owners (Windows). */
  constructor(folder: string, uid: number | undefined) {
    this.folder = folder;
    this.certificate = join(folder, 'certs', 'ca.pem');
    this.privateKey = join(folder, 'keys', 'ca.private.key');
    this.publicKey = join(folder, 'keys', 'ca.public.key');
    this.#uid = uid;
  }

  /** The text of one of the files, or undefined when there is none. Throws a ConfigError for one that is not safe to use. */
  async read(file: string): Promise<string | undefined> {
    try {
      // Not by the thread pool: a start waits for this, and for small files the ways there and back take longer than to read them.
      for (const folder of [this.folder, dirname(file)]) {
        const exposed = folderExposure(statSync(folder), this.#uid);
        if (exposed) throw new ConfigError(`CA folder ${folder}: ${exposed}`, { code: 'ERR_CA_EXPOSED' });
      }
      return this.#readChecked(file);
    } catch (thrown) {
      if (codeOf(thrown) === 'ENOENT') return undefined;
      if (thrown instanceof ConfigError) throw thrown;
      throw new ConfigError(
        `CA file ${file}: cannot be read (${reasonOf(thrown)}); make it readable for you or choose another folder`,
        { code: 'ERR_CA_UNREADABLE', cause: thrown },
      );
    }
  }

  /**
   * Puts a file in place unless there is one already, and returns the text of the one that is there then. Of any number
   * of processes that do this at once, one wins and all get the winner's text, never a part of it.
   */
  async placeFirst(file: string, text: string): Promise<string> {
    await this.#write(file, text, async (written) => {
      // Unlike rename, link refuses to replace.
      await link(written, file).catch((thrown: unknown) => {
        if (codeOf(thrown) !== 'EEXIST') throw thrown;
      });
    });
    return (await this.read(file)) ?? text;
  }

  /** Puts a file in place, in one step, whatever was there. */
  async replace(file: string, text: string): Promise<void> {
    await this.#write(file, text, (written) => rename(written, file));
  }

  #readChecked(file: string): string {
    const opened = openSync(file, 'r');
    try {
      const exposed = file === this.privateKey ? fileExposure(fstatSync(opened), this.#uid) : undefined;
      if (exposed) throw new ConfigError(`CA key ${file}: ${exposed}`, { code: 'ERR_CA_EXPOSED' });
      return readFileSync(opened, 'latin1');
    } finally {
      closeSync(opened);
    }
  }

  async #write(file: string, text: string, put: (written: string) => Promise<void>): Promise<void> {
    try {
      await makeFolder(dirname(file));
      const desk = await mkdtemp(join(this.folder, '.new-'));
      try {
        const written = join(desk, 'file');
        const handle = await open(written, 'wx', 0o600);
        try {
          await handle.writeFile(text);
          // A name that survives a power cut must not lead to an empty file.
          await handle.sync();
        } finally {
          await handle.close();
        }
        await put(written);
      } finally {
        await rm(desk, { recursive: true, force: true });
      }
    } catch (thrown) {
      throw new ConfigError(
        `CA file ${file}: cannot be written (${reasonOf(thrown)}); make the folder writable for you or choose another`,
        { code: 'ERR_CA_UNWRITABLE', cause: thrown },
      );
    }
  }
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
}
