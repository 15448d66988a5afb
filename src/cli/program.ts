/* eslint-disable @typescript-eslint/no-require-imports -- each command loads what it needs when it is run */
import { Command, CommanderError, Option } from 'commander';
import { nearest } from '../config/nearest';
import { ConfigError } from '../errors';
import { VERSION } from '../version';
import type * as Convert from './convert';
import type * as Explain from './explain';
import type { ExplainFlags } from './explain';
import { addConfigFlags, addonFlag, addRunFlags, repeated, type RunFlags } from './flags';
import { report } from './report';
import type * as Lint from './lint';
import type { LintFlags } from './lint';
import type * as Run from './run';
import type * as Show from './show';

const EXAMPLES = `
Examples:
  replay -w shop.har                            record what passes, on http://127.0.0.1:8080
  replay -S shop.har -k                         replay it; kill what was not recorded
  replay -S shop.har -R https://shop.example    the same, in place of the server
  replay -S shop.har --ignore 'query.utm_*' --addon ./mine.ts
  replay convert session.mitm shop.har          from a mitmproxy dump to HAR
  replay show shop.har 3                        the third exchange, whole
  replay explain shop.har GET http://shop.example/?a=1   what would answer, or why nothing does
  replay lint shop.har                          weak spots of a recording: secrets, volatile values

Settings can be kept in a replay.config.ts; a flag wins over the file.
`;

/** Runs a command line, without node and script; gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    let exitCode = 0;
    const ends = async (code: Promise<number>) => void (exitCode = await code);
    await createProgram(ends).parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const isVerbose = args.some((arg) => /^(?:-v|--verbose)$/.test(arg));
    return report(error instanceof CommanderError ? inOneLine(error) : error, process.stderr, isVerbose);
  }
}

/** The commands, with nothing loaded yet that they need; `ends` hears the exit code of one that has its own. */
export function createProgram(ends: (code: Promise<number>) => Promise<void>): Command {
  const program = new Command('replay')
    .description('Records HTTP conversations and answers requests from them.')
    .usage(
      [
        '[options]',
        'convert <in> <out>',
        'show <file> [n]',
        'explain <file> <method> <url>',
        'lint <file>',
      ].join('\n       replay '),
    )
    .enablePositionalOptions()
    .allowExcessArguments()
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  addRunFlags(program)
    .version(VERSION)
    .addHelpText('after', EXAMPLES)
    .action((flags: RunFlags, { args }: Command) => {
      if (args[0] !== undefined) throw unexpected(args[0]);
      return ends((require('./run') as typeof Run).run(flags));
    });
  program
    .command('convert <in> <out>')
    .description('write a recording once more, in the format that the new name asks for')
    .addOption(new Option('-v, --verbose').hideHelp())
    .option(
      '--redact <name>',
      'what is taken out on the way: header.cookie, response.body.token (repeatable)',
      repeated,
    )
    .action((from: string, to: string, { redact = [] }: { redact?: string[] }) =>
      ends((require('./convert') as typeof Convert).convert(from, to, redact)),
    );
  program
    .command('show <file> [n]')
    .description('list the exchanges of a recording, or print the n-th whole')
    .option('--json', 'as JSON, one object a line')
    .addOption(new Option('-v, --verbose').hideHelp())
    .action((file: string, n: string | undefined, { json = false }: { json?: boolean }) =>
      ends((require('./show') as typeof Show).show(file, n, json)),
    );
  const explain = program
    .command('explain <file> <method> <url>')
    .description('tell which entry of a recording would answer a request, or why none would')
    .option('-H, --header <line>', 'a header of the request (repeatable)', repeated)
    .option('-d, --data <text>', 'the body of the request; @file for what a file holds')
    .option('--rheader <name>', 'a request header that must match, too (repeatable)', repeated)
    .option('--ignore <facet>', 'what need not match (repeatable)', repeated)
    .option('--session <name>', 'the session that asks')
    .addOption(addonFlag());
  addConfigFlags(explain)
    .option('--json', 'as JSON')
    .addOption(new Option('-v, --verbose').hideHelp())
    .action((file: string, method: string, url: string, flags: ExplainFlags) =>
      ends((require('./explain') as typeof Explain).explain(file, method, url, flags)),
    );
  const lint = program
    .command('lint <file>')
    .description(
      'show the weak spots of a recording: secrets, volatile values, what expires or cannot answer',
    )
    .option('--json', 'as JSON, one object a line')
    .option('--ignore <facet>', 'what need not match (repeatable)', repeated);
  addConfigFlags(lint)
    .addOption(new Option('-v, --verbose').hideHelp())
    .action((file: string, flags: LintFlags) => ends((require('./lint') as typeof Lint).lint(file, flags)));
  return program;
}

function unexpected(word: string): ConfigError {
  const command = nearest(word, ['convert', 'show', 'explain', 'lint', 'help']);
  if (command !== undefined) return new ConfigError(`there is no command ${word}; did you mean ${command}?`);
  return new ConfigError(`there is no command ${word}; to replay a recording: replay -S ${word}`);
}

function inOneLine({ message }: CommanderError): ConfigError {
  const [problem = '', hint] = message.replace(/^error: /, '').split('\n');
  const advice = hint ? `; ${hint.replace(/^\(D(.*)\)$/, 'd$1')}` : '; replay --help lists what there is';
  return new ConfigError(problem + advice);
}
