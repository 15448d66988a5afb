import { isUtf8 } from 'node:buffer';
import { facetName } from '../facets/facets';
import type { Body } from '../http/body';
import { decodeContent } from '../http/content-coding';
import { parseForm } from '../http/form';
import type { HttpHeaders } from '../http/headers';
import { type Visit, visitJson } from './visit-json';

/** Larger bodies are not looked into, in bytes. */
export const LARGEST_CONTENT = 1024 * 1024;

/** What has a body. */
export interface Message {
  readonly body: Body;
  readonly headers: HttpHeaders;
}

/** The bytes of a body with its content coding undone; undefined when they are too many, cannot be read, or not be decoded. */
export function decodedBytes({ body, headers }: Message): Buffer | undefined {
  if (body.kind === 'stream' || (body.length ?? 0) > LARGEST_CONTENT) return undefined;
  try {
    const bytes = body.bytesSync();
    if (bytes.length > LARGEST_CONTENT) return undefined;
    return decodeContent(bytes, headers.folded('content-encoding'), LARGEST_CONTENT);
  } catch {
    return undefined;
  }
}

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
    const bytes = message && decodedBytes(message);
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
