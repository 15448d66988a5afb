import { basename, resolve } from 'node:path';
import { addonsOf } from '../core/addon';
import type { Addon, AddonInput } from '../proxy';
import { loadDefault } from './load-default';
import type { ModuleLoader } from './module-loader';
import { displayPath } from './source-position';

/** A config that lists addons: its folder, which their paths are relative to, and its name, which its functions get. */
export interface AddonHome {
  readonly folder: string;
  readonly name: string;
}

/** Makes addons of what configs and flags list: files are loaded, functions get the name of the file that they are from. */
export class AddonLoader {
  readonly #loader: ModuleLoader;
  readonly #cwd: string;
  readonly #names = new Map<string, string>();

  constructor(loader: ModuleLoader, cwd: string) {
    this.#loader = loader;
    this.#cwd = cwd;
  }

  /**
   * The addons in a list, in its order.
   * @throws ConfigError for a file that cannot be loaded and for what is no addon
   */
  async load(
    inputs: readonly (AddonInput | string)[] = [],
    home: AddonHome = { folder: this.#cwd, name: 'addon' },
  ): Promise<Addon[]> {
    const loaded: AddonInput[] = [];
    for (const input of inputs) {
      loaded.push(typeof input === 'string' ? await this.#file(resolve(home.folder, input)) : input);
    }
    return addonsOf(loaded, home.name);
  }

  async #file(path: string): Promise<Addon[]> {
    const exported = await loadDefault(this.#loader, path, this.#cwd, '{ name, apply(proxy) {…} }');
    return addonsOf(exported as AddonInput, this.#nameOf(path));
  }

  /** The file's own name, unless another file of the same name came before: neither is to take the other's seat. */
  #nameOf(path: string): string {
    const name = basename(path);
    const owner = this.#names.get(name) ?? path;
    this.#names.set(name, owner);
    return owner === path ? name : displayPath(path, this.#cwd);
  }
}
