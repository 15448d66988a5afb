import type * as TypeScript from 'typescript';
import { ConfigError } from '../errors';
import { lineAndColumn } from './source-position';

/** A compiler diagnostic as `shown:line:col: what`. */
export function diagnosticError(
  ts: typeof TypeScript,
  diagnostic: TypeScript.Diagnostic,
  text: string,
  shown: string,
): ConfigError {
  const problem = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ').replace(/\.$/, '');
  return new ConfigError(`${shown}:${lineAndColumn(text, diagnostic.start ?? 0)}: ${problem}`);
}

/**
 * Where the JavaScript or JSON that would not parse is wrong, by the TypeScript parser (Node's own errors name no
 * column, those for JSON often no line); undefined when it finds nothing wrong. `shown` names the file in the message.
 */
export function syntaxErrorIn(text: string, file: string, shown: string): ConfigError | undefined {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loading takes 200 ms: only once something is wrong
  const ts = require('typescript') as typeof TypeScript;
  const diagnostic = file.endsWith('.json')
    ? ts.parseConfigFileTextToJson(file, text).error
    : ts.transpileModule(text, { fileName: file, reportDiagnostics: true }).diagnostics?.[0];
  return diagnostic && diagnosticError(ts, diagnostic, text, shown);
}
