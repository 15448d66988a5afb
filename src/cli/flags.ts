import { type Command, Option } from 'commander';

/** What the command line of a run says, by commander's names. */
export interface RunFlags {
  serverReplay?: string[];
  rheader?: string[];
  ignore?: string[];
  reuse?: string;
  refresh?: boolean;
  kill?: boolean;
  unmatched?: string;
  record?: string;
  reverse?: string;
  keepHost?: boolean;
  port?: string;
  host?: string;
  allowLan?: boolean;
  allowPublic?: boolean;
  insecure?: boolean;
  ca?: string;
  addon?: string[];
  config?: string;
  quiet?: boolean;
  verbose?: boolean;
}

const FLAGS: Readonly<Record<string, string>> = {
  'replay.from': '--server-replay',
  'replay.headers': '--rheader',
  'replay.ignore': '--ignore',
  'replay.reuse': '--reuse',
  unmatched: '--unmatched',
  'record.to': '--record',
  'mode.reverse': '--reverse',
  'listen.port': '--port',
  'listen.host': '--host',
  'upstream.ca': '--ca',
  addons: '--addon',
};

/** The flag that sets a key of the config, as an error message names it. */
export function nameFlag(key: string): string {
  return FLAGS[key.replace(/\[\d+\]$/, '')] ?? key;
}

/** Gives a command the flags of a run, grouped. */
export function addRunFlags(command: Command): Command {
  const list = (value: string, before: string[] = []) => [...before, value];
  return command
    .optionsGroup('Replay:')
    .option(
      '-S, --server-replay <file>',
      'replay responses from a recording, HAR or mitmproxy dump (repeatable)',
      list,
    )
    .option('--rheader <name>', 'a request header that must match, too (repeatable)', list)
    .option('--ignore <facet>', "what need not match: host, 'query.utm_*', body.nonce (repeatable)", list)
    .addOption(
      new Option(
        '--reuse [policy]',
        'more equal requests than entries: never, first, last, hold, cycle',
      ).preset('hold'),
    )
    .option('--refresh', 'move the dates of replayed responses to now (default)')
    .option('--norefresh, --no-refresh', 'leave dates and cookies as recorded')
    .addOption(new Option('-k, --kill', 'kill requests that nobody answers').conflicts('unmatched'))
    .option('--unmatched <what>', 'what nobody answers: forward, kill or a status for an empty response')
    .optionsGroup('Record:')
    .option('-w, --record <file>', 'record what is forwarded, as HAR or .mitm; +file goes on with it')
    .optionsGroup('Connect:')
    .option('-p, --port <n>', 'port to listen on, 0 for any free one (default: 8080)')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--allow-lan', 'serve other machines of the local network')
    .option('--allow-public', 'serve peers with global addresses, too')
    .option('-R, --reverse <url>', 'stand in for this origin, http://host:port')
    .option('--keep-host', "in reverse mode, leave the client's Host header as it is")
    .option('--insecure', 'accept any upstream certificate')
    .option('--ca <file>', "PEM certificates to trust upstream, beside Node's own")
    .optionsGroup('Extend:')
    .option('--addon <file>', "TypeScript or JavaScript addon, applied after the config's (repeatable)", list)
    .option('-c, --config <file>', 'config file (default: the nearest replay.config.*)')
    .optionsGroup('Output:')
    .option('-q, --quiet', 'no line for each flow')
    .option('-v, --verbose', 'headers, too, and the stack of an error');
}

/** The flags in the words of a config. */
export function configOf(flags: RunFlags): Record<string, unknown> {
  const { serverReplay, rheader, ignore, reuse, keepHost, reverse, allowLan, allowPublic, insecure, ca } =
    flags;
  return {
    listen: { host: flags.host, port: numeric(flags.port), allowLan, allowPublic },
    mode: { reverse, keepHost },
    replay: { from: serverReplay, headers: rheader, ignore, reuse },
    refresh: flags.refresh,
    unmatched: flags.kill ? 'kill' : numeric(flags.unmatched),
    record: { to: flags.record },
    upstream: { insecure, ca },
    addons: flags.addon,
  };
}

function numeric(text: string | undefined): string | number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}
