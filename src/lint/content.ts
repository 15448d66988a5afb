import { isUtf8 } from 'node:buffer';
import { facetName } from '../facets/facets';
import { decodedBytes, type Message } from '../http/decoded-bytes';
import { parseForm } from '../http/form';
import { type Visit, visitJson } from './visit-json';

/** Larger bodies are not looked into, in bytes. */
export const LARGEST_CONTENT = 1024 * 1024;

/** The text of a body, and its parts. */
export class Content {
  /** Empty for what is no text. */
  readonly text: string;
  readonly #bytes: Buffer;
  readonly #isUtf8: boolean;
  readonly #type: string | undefined;
  readonly #root: string;

  /** `root` is what the names of its facets begin with. */
  constructor(message: Message | undefined, root: string) {
    const bytes = message && decodedBytes(message, LARGEST_CONTENT);
    this.#bytes = bytes !== undefined && !bytes.includes(0) ? bytes : Buffer.alloc(0);
    this.#isUtf8 = isUtf8(this.#bytes);
    // Latin-1 keeps what can be found in other charsets: all of it is ASCII.
    this.text = this.#bytes.toString(this.#isUtf8 ? 'utf8' : 'latin1').replace(/^\ufeff/, '');
    this.#type = message?.headers.get('content-type');
    this.#root = root;
  }

  /** Visits the leaves of JSON, the fields of a form, or all of another text. */
  visit(visit: Visit): void {
    if (this.text === '') return;
    if (this.#isUtf8 && /^\s*[[{"]/.test(this.text) && visitJson(this.text, this.#root, visit)) return;
    const fields = parseForm(this.#bytes, this.#type);
    if (!fields) return visit(this.text, '', () => this.#root);
    for (const field of fields) {
      if (!('digest' in field)) visit(field.value, field.name, () => facetName(this.#root, field.name));
    }
  }
}
