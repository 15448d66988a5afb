import { BlockList, isIP } from 'node:net';
import { ConfigError } from '../errors';
import type { Authority } from '../http/authority';

type Rule = (to: Authority) => boolean;

const DIGITS = /^\d{1,5}$/;

/**
 * Reads what goes past the upstream proxy: names (with all beneath them, `corp.example` and `.corp.example` alike), addresses, nets like
 * `10.0.0.0/8`, each of the former with or without a port, and `*` for everything. Names are compared, never looked up.
 * @throws ConfigError naming the one that is none of these
 */
export function noProxyRules(list: readonly string[]): Rule {
  const rules = list.map((text) => {
    const rule = ruleOf(text.trim().toLowerCase());
    if (rule) return rule;
    throw new ConfigError(
      `${JSON.stringify(text)} is no host to reach without the upstream proxy; write it like localhost, .corp.example, 10.0.0.0/8, host:8443 or *`,
    );
  });
  return (to) => rules.some((rule) => rule(to));
}

/** Of a list as an environment variable has it, the rules that can be read, the others left out, as curl does. */
export function readableRules(list: string): string[] {
  return list
    .split(/[\s,]+/)
    .map((text) => text.toLowerCase())
    .filter((text) => text !== '' && ruleOf(text) !== undefined);
}

function ruleOf(text: string): Rule | undefined {
  if (text === '*') return () => true;
  const [, net = '', bits = ''] = /^\[?([0-9a-f.:]+)\]?\/(\d{1,3})$/.exec(text) ?? [];
  if (net) return netRule(net, Number(bits));
  const [, v6, port] = /^\[([0-9a-f.:]+)\](?::(.*))?$/.exec(text) ?? [];
  if (v6 !== undefined) return isIP(v6) === 6 ? withPort(netRule(v6, 128), port) : undefined;
  if (isIP(text) === 6) return netRule(text, 128);
  const [, host = '', hostPort] = /^(?:\*?\.)?([a-z0-9._-]+?)\.?(?::(.*))?$/.exec(text) ?? [];
  if (host === '' || host.startsWith('.')) return undefined;
  if (isIP(host) === 4) return withPort(netRule(host, 32), hostPort);
  return withPort((to) => {
    const name = to.host.replace(/\.$/, '');
    return name === host || name.endsWith(`.${host}`);
  }, hostPort);
}

function netRule(net: string, bits: number): Rule | undefined {
  const family = isIP(net);
  if (family === 0 || bits > (family === 4 ? 32 : 128)) return undefined;
  const block = new BlockList();
  block.addSubnet(net, bits, family === 4 ? 'ipv4' : 'ipv6');
  return ({ host }) => isIP(host) !== 0 && block.check(host, isIP(host) === 4 ? 'ipv4' : 'ipv6');
}

function withPort(rule: Rule | undefined, port: string | undefined): Rule | undefined {
  if (!rule || port === undefined) return rule;
  const number = DIGITS.test(port) ? Number(port) : 0;
  return number >= 1 && number <= 65535 ? (to) => to.port === number && rule(to) : undefined;
}
