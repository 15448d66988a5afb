import { type Command, Option } from 'commander';

/** What the command line of a run says, by commander's names. */
export interface RunFlags {
  serverReplay?: string[];
  rheader?: string[];
  ignore?: string[];
  reuse?: string;
  speed?: string;
  refresh?: boolean;
  kill?: boolean;
  unmatched?: string;
  record?: string;
  recordMissing?: string;
  recordOnce?: string;
  redact?: string[];
  report?: string;
  failOn?: string[];
  offline?: boolean;
  proxyAuth?: string;
  mode?: string[];
  reverse?: string;
  keepHost?: boolean;
  port?: string;
  host?: string;
  allowLan?: boolean;
  allowPublic?: boolean;
  ignoreHosts?: string[];
  insecure?: boolean;
  ca?: string;
  cert?: string;
  key?: string;
  http2?: boolean;
  upstreamProxy?: string;
  noProxy?: string[];
  addon?: string[];
  /** False: none. */
  config?: string | false;
  quiet?: boolean;
  verbose?: boolean;
}

/** Gathers the values of a flag that can be given several times. */
export function repeated(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** Gathers the values of a flag that takes a list and can be given several times. */
function listed(value: string, before: string[] = []): string[] {
  return [...before, ...value.split(',').map((word) => word.trim())];
}

/** The flag that says what goes past the upstream proxy. */
function noProxyFlag(): Option {
  const flag = new Option(
    '--noproxy, --no-proxy <list>',
    'what goes past that proxy: localhost, .corp.example, 10.0.0.0/8, host:8443',
  ).argParser(listed);
  // Its name begins like the denial of another, which it is not.
  flag.negate = false;
  return flag;
}

/** The flag that names an addon. */
export function addonFlag(): Option {
  return new Option(
    '--addon <file>',
    "TypeScript or JavaScript addon, applied after the config's (repeatable)",
  ).argParser(repeated);
}

/** Gives a command the flags that say which config counts. */
export function addConfigFlags(command: Command): Command {
  return command
    .option('-c, --config <file>', 'config file (default: the nearest replay.config.*)')
    .option('--no-config', 'no config file');
}

/** Gives a command the flags of a run, grouped. */
export function addRunFlags(command: Command): Command {
  command
    .optionsGroup('Replay:')
    .option(
      '-S, --server-replay <file>',
      'replay responses from a recording, HAR or mitmproxy dump (repeatable)',
      repeated,
    )
    .option('--rheader <name>', 'a request header that must match, too (repeatable)', repeated)
    .option('--ignore <facet>', "what need not match: host, 'query.utm_*', body.nonce (repeatable)", repeated)
    .addOption(
      new Option(
        '--reuse [policy]',
        'more equal requests than entries: never, first, last, hold, cycle',
      ).preset('hold'),
    )
    .option(
      '--speed <n>',
      'pace of replayed streams and WebSockets: 1 as recorded, 2 twice as fast, 0 at once (default)',
    )
    .option('--refresh', 'move the dates of replayed responses to now (default)')
    .option('--norefresh, --no-refresh', 'leave dates and cookies as recorded')
    .addOption(new Option('-k, --kill', 'kill requests that nobody answers').conflicts('unmatched'))
    .option(
      '--unmatched <what>',
      'what nobody answers: forward, kill, or a status for a response that says why',
    )
    .option('--offline', 'let nothing out, whatever addons decide')
    .optionsGroup('Record:')
    .option('-w, --record <file>', 'record what is forwarded, as HAR or .mitm; +file goes on with it')
    .addOption(
      new Option(
        '--record-missing <file>',
        'replay the file, and record into it what it has no answer to',
      ).conflicts(['record', 'recordOnce', 'kill']),
    )
    .addOption(
      new Option(
        '--record-once <file>',
        'record if there is no such file, else replay it and kill the rest',
      ).conflicts('record'),
    )
    .option(
      '--redact <name>',
      'what is not recorded: header.authorization, response.body.token (repeatable)',
      repeated,
    )
    .optionsGroup('Check:')
    .option('--report <file>', 'keep a report of the run, JSON')
    .option(
      '--fail-on <words>',
      'end with exit code 1 when there is any: missed, unused, forwarded, refused, killed, failed',
      listed,
    )
    .optionsGroup('Connect:')
    .option('-p, --port <n>', 'port to listen on, 0 for any free one (default: 8080)')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--allow-lan', 'serve other machines of the local network')
    .option(
      '--proxy-auth <password>',
      'ask clients for this password; the user name is free, and names a session',
    )
    .option('--allow-public', 'serve peers with global addresses, too')
    .option(
      '-m, --mode <mode[@host:port]>',
      'what to listen as, and where: regular@8080, socks5@1080, reverse:URL@8081 (repeatable)',
      repeated,
    )
    .option('-R, --reverse <url>', 'stand in for this origin, http://host:port')
    .option('--keep-host', "in reverse mode, leave the client's Host header as it is")
    .option(
      '--ignore-hosts <pattern>',
      "pass tunnels to these hosts on unseen: '*.bank.example', host:8443, '/regex/' (repeatable)",
      repeated,
    )
    .option('--insecure', 'accept any upstream certificate')
    .option('--http2', 'speak HTTP/2 where the other side does (default)')
    .option('--no-http2', 'speak HTTP/1.1 only')
    .option('--ca <file>', "PEM certificates to trust upstream, beside Node's own")
    .option('--cert <file>', 'PEM certificate to show to servers that ask for one, with its key or without')
    .option('--key <file>', 'PEM private key of that certificate')
    .option(
      '--upstream-proxy <url>',
      'the proxy to leave through: http://user:password@host:port, https://, socks5://, or env',
    )
    .addOption(noProxyFlag())
    .optionsGroup('Extend:')
    .addOption(addonFlag());
  return addConfigFlags(command)
    .optionsGroup('Output:')
    .option('-q, --quiet', 'no line for each flow')
    .option('-v, --verbose', 'headers, too, and the stack of an error');
}
