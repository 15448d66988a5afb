import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { domainToASCII } from 'node:url';
import { ReplayError } from '../../src/errors';
import { openRecording, openWriter } from '../../src/recording/open-recording';
import type { RecordedFlow } from '../../src/recording/recorded-flow';
import { exchange } from './dumps';

const CANARY = 'the secret outside of the folder';

/** A folder for recordings that nobody wrote in earnest, with a secret beside it that none of them may get at. */
export class RecordingTrap {
  readonly #outer = mkdtempSync(path.join(tmpdir(), 'recording-trap-'));
  readonly #folder = path.join(this.#outer, 'folder');

  constructor() {
    mkdirSync(this.#folder);
    writeFileSync(path.join(this.#outer, 'secret.txt'), CANARY);
    writeFileSync(path.join(this.#folder, 'inside.txt'), 'inside');
    symlinkSync(path.join(this.#outer, 'secret.txt'), path.join(this.#folder, 'link'));
  }

  /**
   * Reads `bytes` as a recording and writes what is in it again, to a file of the name `again` if there is one. True when there was a
   * flow.
   * @throws unless the recording is refused in one line, or whole.
   */
  async check(name: string, bytes: Buffer, again: string | undefined): Promise<boolean> {
    const file = path.join(this.#folder, name);
    writeFileSync(file, bytes);
    let recording;
    try {
      recording = await openRecording(file);
    } catch (error) {
      assertSentence(error);
      return false;
    }
    try {
      for (const warning of recording.warnings) assert.doesNotMatch(warning, /[\r\n]/);
      const flows = recording.flows.filter(hasReadableBodies);
      for (const flow of flows)
        assert.ok(!JSON.stringify(exchange(flow)).includes(CANARY), 'the secret got in');
      if (again !== undefined) await this.#writeAgain(flows, again);
      return flows.length > 0;
    } finally {
      recording.close();
      assert.equal(({} as Record<string, unknown>)['polluted'], undefined, 'the prototype was changed');
    }
  }

  /** Writes flows, and reads them as what they were. */
  async roundTrip(
    flows: readonly RecordedFlow[],
    name: string,
    picture: (flow: RecordedFlow) => unknown,
  ): Promise<void> {
    const file = path.join(this.#folder, name);
    const writer = openWriter(file, { append: false });
    try {
      for (const flow of flows) writer.append(flow);
    } finally {
      writer.close();
    }
    const recording = await openRecording(file);
    try {
      assert.deepEqual(recording.warnings, []);
      assert.deepEqual(recording.flows.map(picture), flows.map(picture));
    } finally {
      recording.close();
    }
  }

  /** Removes the folder. @throws when there is anything outside of it that was not there before. */
  close(): void {
    assert.deepEqual(readdirSync(this.#outer).sort(), ['folder', 'secret.txt']);
    assert.equal(readFileSync(path.join(this.#outer, 'secret.txt'), 'utf8'), CANARY);
    rmSync(this.#outer, { recursive: true });
  }

  async #writeAgain(flows: readonly RecordedFlow[], name: string): Promise<void> {
    const file = path.join(this.#folder, name);
    const writer = openWriter(file, { append: false });
    const written = flows.filter((flow) => {
      try {
        writer.append(flow);
        return true;
      } catch (error) {
        return assertSentence(error);
      }
    });
    writer.close();
    const again = await openRecording(file);
    try {
      assert.deepEqual(
        again.warnings.filter((line) => !line.endsWith(': is empty')),
        [],
      );
      assert.deepEqual(again.flows.map(essence), written.map(essence));
    } finally {
      again.close();
    }
  }
}

function hasReadableBodies({ request, response }: RecordedFlow): boolean {
  try {
    request.body.bytesSync();
    response?.body.bytesSync();
    return true;
  } catch (error) {
    return assertSentence(error);
  }
}

/** What has to survive in every format. */
function essence({ request, response }: RecordedFlow): unknown {
  const { method, scheme, host, port, path: target } = request;
  // A name in other letters is the same as its ASCII form.
  return [
    method,
    scheme,
    domainToASCII(host) || host,
    port,
    target,
    request.body.digest(),
    response?.status,
    response?.body.digest(),
  ];
}

/** @throws what is no error of ours that fits on one line; false otherwise. */
function assertSentence(error: unknown): false {
  if (!(error instanceof ReplayError)) throw error;
  assert.doesNotMatch(error.message, /[\r\n]/);
  return false;
}
