import type { ClientInfo } from './flow';
import type { Kill, Respond } from './verdict';

/** A CONNECT request (RFC 9110 §9.3.6), or one of SOCKS5 (RFC 1928 §4). */
export interface Tunnel {
  /** Where the client wants to go: a name or an address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly client: ClientInfo;
  readonly session: string;
  /** The addon whose verdict was carried out; undefined when none had one. */
  decidedBy?: string;
}

/** What is to happen with a tunnel. */
export type TunnelVerdict = 'intercept' | 'tunnel' | Kill | Respond;
