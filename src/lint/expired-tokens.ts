import { placeOf } from './place-of';
import type { Findings } from './findings';
import type { Visit } from './visit-json';
import { jwtsIn } from './jwt';
import type { Reading } from './reading';
import { renew } from './suggestions';

/** Finds JSON Web Tokens that have expired since they were recorded. */
export function findExpiredTokens(reading: Reading, now: number, found: Findings): void {
  const { number, request } = reading.flow;
  const look: Visit = (value, _key, nameOf) => {
    const isExpired = jwtsIn(value).some(
      ({ expiresAt }) => expiresAt !== undefined && expiresAt <= now && expiresAt > request.startedAt,
    );
    if (!isExpired || reading.isRedacted(nameOf())) return;
    const place = placeOf(nameOf());
    found.add(number, {
      kind: 'expired',
      place,
      what: 'holds a token that has expired',
      ...renew(place),
    });
  };
  reading.visitRequestHeaders(look);
  reading.visitQuery(look);
  for (const content of [reading.requestBody, reading.responseBody]) {
    if (content.text.includes('eyJ')) content.visit(look);
  }
}
