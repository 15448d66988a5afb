import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { reasonOf, statusOf } from '../errors';
import { type Authority, parseAuthority } from '../http/authority';
import { HttpHeaders } from '../http/headers';
import { type ClientConnection, clientInfo } from './client-connection';
import type { Gate } from './gate';
import { endWith } from './linger';
import type { Limits } from './options';
import { framingProblem, hasBody } from './request-framing';
import { hostProblem, tunnelProblem } from './request-head';
import { type Refusal, refusalBytes } from './refusal';
import { responseBytes } from './response-bytes';
import { carryTunnel, type TunnelAsker, type TunnelOptions } from './tunnel';
import { unfitHead } from './unfit-head';

/** What CONNECT is answered with. */
export interface ConnectOptions extends TunnelOptions {
  readonly gate: Gate;
  /** Settles when requests may be answered. */
  readonly served: Promise<void>;
}

/** Answers one CONNECT (RFC 9110 §9.3.6). Rejects only when something here is broken. */
export async function acceptConnect(
  incoming: IncomingMessage,
  socket: Socket,
  connection: ClientConnection,
  options: ConnectOptions,
): Promise<void> {
  if (connection.closing) return;
  if (connection.isBusy)
    return connection.refuseHandedOver(bad('CONNECT does not wait behind other requests; send it alone'));
  const refuse = (refusal: Refusal) => endWith(socket, refusalBytes(refusal));
  const target =
    headProblem(incoming, options.limits) ?? tunnelProblem(connection.route) ?? targetOf(incoming);
  if ('sentence' in target) return refuse(target);
  await options.served;
  const admission = options.gate.admit(incoming.headers['proxy-authorization'], connection.session);
  if ('sentence' in admission) return refuse(admission);
  const tunnel = { ...target, client: clientInfo(socket), session: admission.session };
  const asker: TunnelAsker = {
    established: 'HTTP/1.1 200 Connection established\r\n\r\n',
    refuse: (error) => refuse({ status: statusOf(error), sentence: reasonOf(error) }),
    kill: () => void socket.destroy(),
    respond: async (response) => endWith(socket, await responseBytes(response)),
  };
  await carryTunnel(socket, tunnel, asker, options);
}

/** CONNECT has no content: what stood for one would be the first that the tunnel carries (RFC 9110 §9.3.6). */
function headProblem(incoming: IncomingMessage, limits: Limits): Refusal | undefined {
  const { url: target = '', httpVersion, rawHeaders } = incoming;
  const headers = HttpHeaders.fromRaw(rawHeaders);
  return (
    unfitHead({ method: 'CONNECT', target, httpVersion, rawHeaders }, limits) ??
    hostProblem(headers, httpVersion) ??
    framingProblem(headers, httpVersion) ??
    (hasBody(headers) ? bad('CONNECT has no content') : undefined)
  );
}

function targetOf({ url = '' }: IncomingMessage): Authority | Refusal {
  return parseAuthority(url) ?? bad('the target of CONNECT is no host name or address with a port');
}

function bad(sentence: string): Refusal {
  return { status: 400, sentence };
}
