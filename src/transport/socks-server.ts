import type { Socket } from 'node:net';
import { statusOf } from '../errors';
import { formatAuthority, parseAuthority } from '../http/authority';
import { ByteReader } from './byte-reader';
import { clientInfo } from './client-connection';
import { textOf, type Gate } from './gate';
import { endWith } from './linger';
import { refusalBytes } from './refusal';
import { addressOf, SOCKS, socksReply } from './socks';
import { carryTunnel, type TunnelAsker, type TunnelOptions } from './tunnel';

/** What a client of SOCKS5 is served with. */
export interface SocksOptions extends TunnelOptions {
  readonly gate: Gate;
  /** Settles when requests may be answered. */
  readonly served: Promise<void>;
  /** The session of all who come this way; undefined where the user name names it. */
  readonly session: string | undefined;
}

const { version: VERSION, loginVersion, methods: METHODS, addresses, replies } = SOCKS;

/** What is told of an error that kept a tunnel from standing, by a code of its or of what caused it. */
const REPLY_TO: Readonly<Record<string, number>> = {
  ERR_LOOP: replies.forbidden,
  ERR_EGRESS: replies.forbidden,
  ENETUNREACH: replies.networkUnreachable,
  EHOSTUNREACH: replies.hostUnreachable,
  ENOTFOUND: replies.hostUnreachable,
  EAI_AGAIN: replies.hostUnreachable,
  ECONNREFUSED: replies.refused,
};

/**
 * Serves a client of SOCKS5 (RFC 1928, RFC 1929) that wants a connection: it is asked for as by CONNECT, and everything after is the same. Never
 * rejects.
 */
export async function acceptSocks(socket: Socket, options: SocksOptions): Promise<void> {
  await options.served;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), options.limits.headerTime);
  const reader = new ByteReader(socket, late.signal);
  try {
    const session = await admitted(socket, reader, options);
    if (session === undefined) return;
    const target = await targetOf(reader);
    reader.release();
    if (typeof target === 'number') endWith(socket, socksReply(target));
    else {
      clearTimeout(timer);
      await carryTunnel(socket, { ...target, client: clientInfo(socket), session }, askerOf(socket), options);
    }
  } catch {
    // It has left, was too slow, or speaks something else.
    socket.destroy();
  } finally {
    clearTimeout(timer);
  }
}

/** The client's session; undefined when it was refused, and told so. */
async function admitted(
  socket: Socket,
  reader: ByteReader,
  { gate, session }: SocksOptions,
): Promise<string | undefined> {
  const version = await byteOf(reader);
  if (version !== VERSION) return refuseStranger(socket, version);
  const offered = await reader.bytes(await byteOf(reader));
  if (offered.includes(METHODS.login)) {
    socket.write(Buffer.from([VERSION, METHODS.login]));
    if ((await byteOf(reader)) !== loginVersion) return refuseStranger(socket, 0);
    const user = textOf(await reader.bytes(await byteOf(reader)));
    const password = textOf(await reader.bytes(await byteOf(reader)));
    const admission = gate.check({ user, password }, session);
    const isRefused = 'sentence' in admission;
    const answer = Buffer.from([loginVersion, Number(isRefused)]);
    if (!isRefused) {
      socket.write(answer);
      return admission.session;
    }
    endWith(socket, answer);
    return undefined;
  }
  const admission = gate.check(undefined, session);
  if (!('sentence' in admission) && offered.includes(METHODS.none)) {
    socket.write(Buffer.from([VERSION, METHODS.none]));
    return admission.session;
  }
  endWith(socket, Buffer.from([VERSION, METHODS.unacceptable]));
  return undefined;
}

/** Where the client wants to go; the reply that refuses it when that is nowhere. */
async function targetOf(reader: ByteReader) {
  const version = await byteOf(reader);
  if (version !== VERSION) throw new Error('no request of SOCKS5');
  const command = await byteOf(reader);
  await byteOf(reader);
  const kind = await byteOf(reader);
  const host =
    kind === addresses.v4
      ? addressOf(await reader.bytes(4))
      : kind === addresses.v6
        ? addressOf(await reader.bytes(16))
        : kind === addresses.name
          ? (await reader.bytes(await byteOf(reader))).toString('latin1')
          : undefined;
  if (command !== SOCKS.connect) return replies.commandUnknown;
  if (host === undefined) return replies.addressUnknown;
  const port = (await reader.bytes(2)).readUInt16BE();
  return parseAuthority(formatAuthority(host, port)) ?? replies.failure;
}

function askerOf(socket: Socket): TunnelAsker {
  const refuse = (reply: number) => endWith(socket, socksReply(reply));
  return {
    established: socksReply(replies.succeeded).toString('latin1'),
    kill: () => refuse(replies.forbidden),
    respond: () => Promise.resolve(refuse(replies.forbidden)),
    refuse: (error) => refuse(replyTo(error)),
  };
}

function replyTo(error: unknown): number {
  for (let at = error; at instanceof Error; at = at.cause) {
    const reply = REPLY_TO[(at as { code?: string }).code ?? ''];
    if (reply !== undefined) return reply;
  }
  return statusOf(error) === 504 ? replies.expired : replies.failure;
}

/** Ends a connection on which no SOCKS5 is spoken; to HTTP we can say so. */
function refuseStranger(socket: Socket, firstByte: number): undefined {
  const isLetter = firstByte >= 0x41 && firstByte <= 0x5a;
  const sentence = 'this port takes SOCKS5, not HTTP; write socks5h://host:port for the proxy';
  endWith(socket, isLetter ? refusalBytes({ status: 400, sentence }) : undefined);
  return undefined;
}

async function byteOf(reader: ByteReader): Promise<number> {
  return (await reader.bytes(1)).readUInt8();
}
