import { readFileSync } from 'node:fs';
import { proxyFrom, serverReplayOf } from '../config/built-ins';
import { Flow } from '../core/flow';
import type { Verdict } from '../core/verdict';
import { ConfigError, reasonOf } from '../errors';
import { escapeControls } from '../escape-controls';
import { DEFAULT_PORTS, formatAuthority, parseTarget } from '../http/authority';
import { isToken, type HeaderPair } from '../http/headers';
import { HttpRequest } from '../http/request';
import { entryName } from '../miss/entry-name';
import { missText } from '../miss/miss-text';
import { flowLine } from './flow-line';
import { LoadProgressBar } from './progress';
import { settingsFor } from './settings';

/** What the command line of `replay explain` says, by commander's names. */
export interface ExplainFlags {
  header?: string[];
  data?: string;
  rheader?: string[];
  ignore?: string[];
  session?: string;
  addon?: string[];
  config?: string | false;
  json?: boolean;
}

/** Nobody answers. */
const NOT_ANSWERED = 1;

/**
 * `replay explain <recording> <method> <url>`: which entry would answer the request, or why none would; gives the exit code. Rules and
 * addons are those of the config and are asked as in a run, up to where nobody has answered; nothing listens, and nothing is sent.
 */
export async function explain(
  path: string,
  method: string,
  url: string,
  flags: ExplainFlags,
): Promise<number> {
  const request = requestOf(method, url, flags);
  const warn = (line: string) => void process.stderr.write(`replay: ${escapeControls(line)}\n`);
  const { config } = await settingsFor(
    {
      replay: { from: [path], headers: flags.rheader, ignore: flags.ignore },
      addons: flags.addon,
    },
    flags.config,
  );
  const { record: _record, report: _report, ...settings } = config;
  const bar = new LoadProgressBar(process.stderr);
  const proxy = proxyFrom(settings, {
    log: undefined,
    warn,
    onProgress: (read, total) => bar.update(read, total, path),
  });
  proxy.applyAddons();
  const replay = serverReplayOf(proxy);
  if (!replay) throw new ConfigError('an addon took the seat of ServerReplay; only that can explain');
  await replay.load().finally(() => bar.stop());
  const flow = flowOf(request, flags.session);
  const { requestHeaders, request: whole } = proxy.hooks;
  const verdict = (await requestHeaders.promise(flow)) || (await whole.promise(flow));
  if (verdict) {
    process.stdout.write(`${answerText(verdict, flow, flags.json)}\n`);
    return verdict.kind === 'respond' ? 0 : NOT_ANSWERED;
  }
  const { miss } = flow;
  if (!miss) throw new Error('a request without an answer has to be a miss');
  process.stdout.write(flags.json ? `${JSON.stringify(miss)}\n` : missText(miss));
  return NOT_ANSWERED;
}

/** What the taps of addons are asked about; nobody waits for an answer. */
function flowOf(request: HttpRequest, session = ''): Flow {
  const client = { address: '127.0.0.1', port: 0 };
  const { signal } = new AbortController();
  return new Flow({ id: '1', request, client, session, signal, startedAt: Date.now() });
}

function answerText(verdict: Verdict, { decidedBy }: Flow, json = false): string {
  if (verdict.kind === 'respond' && verdict.recorded) {
    const { recorded } = verdict;
    return json ? JSON.stringify({ answers: entryName(recorded) }) : `answered by #${flowLine(recorded, 0)}`;
  }
  const what = { respond: 'answered', forward: 'forwarded', kill: 'killed' }[verdict.kind];
  return json ? JSON.stringify({ verdict: what, by: decidedBy }) : `${what} by addon ${decidedBy}`;
}

function requestOf(method: string, url: string, { header = [], data }: ExplainFlags): HttpRequest {
  if (!isToken(method)) throw new ConfigError(`${method} is no method; write GET, POST, …`);
  const isWebSocket = /^wss?:/i.test(url);
  const target = parseTarget(isWebSocket ? url.replace(/^ws/i, 'http') : url);
  if (!target) throw new ConfigError(`${url} is no http:// or https:// URL that can be asked for`);
  const headers = header.map(headerPair);
  const has = (name: string) => headers.some(([other]) => other.toLowerCase() === name);
  const host = formatAuthority(target.host, target.port, DEFAULT_PORTS[target.scheme]);
  if (!has('host')) headers.unshift(['Host', host]);
  if (isWebSocket && !has('upgrade')) headers.push(['Upgrade', 'websocket']);
  // As curl does.
  if (data !== undefined && !has('content-type'))
    headers.push(['Content-Type', 'application/x-www-form-urlencoded']);
  return new HttpRequest({
    ...target,
    method,
    headers,
    ...(data !== undefined && { body: contentOf(data) }),
  });
}

function headerPair(line: string): HeaderPair {
  const colon = line.indexOf(':');
  const name = line.slice(0, colon).trim();
  if (colon > 0 && isToken(name)) return [name, line.slice(colon + 1).trim()];
  throw new ConfigError(`${JSON.stringify(line)} is no header; write -H 'Name: value'`);
}

function contentOf(data: string): string | Buffer {
  if (!data.startsWith('@')) return data;
  try {
    return readFileSync(data.slice(1));
  } catch (error) {
    throw new ConfigError(`the body ${data} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}
