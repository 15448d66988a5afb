import { areOf, fitChunks, type BodyChunks } from '../http/chunks';
import type { Message } from '../http/decoded-bytes';
import { chunksOf } from './chunk-list';
import { objectIn, textOf, type JsonObject } from './json-value';

/** How the body of a message came, by its extras; a body that was edited since has its events at about their times. */
export function readChunks(extras: JsonObject | undefined, message: Message): BodyChunks | undefined {
  const told = objectIn(extras, 'chunks');
  const chunks = chunksOf(told?.['list']);
  if (!chunks || message.body.length === 0) return undefined;
  const digest = textOf(told?.['digest']);
  const isSame =
    digest === undefined || (areOf(chunks, message.body.length) && digest === message.body.digest());
  return fitChunks(isSame ? chunks : { ...chunks, lengths: [] }, message);
}
