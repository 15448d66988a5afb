import { z } from 'zod';
import { unmatchedSchema } from '../../addons/kill-unmatched';
import { compileHosts, type HostPattern } from '../../addons/pass-through';
import { serverReplaySchema } from '../../addons/server-replay';
import { parseOrigin } from '../http/authority';
import { reasonOf } from '../errors';
import type { AddonInput } from '../proxy';
import { type ListenerSpec, parseListener } from '../transport/listener-spec';
import { noProxyRules } from '../transport/no-proxy';
import { DEFAULT_LIMITS, type Limits } from '../transport/options';
import { proxyChoice } from '../transport/proxy-choice';
import { isAddonInput } from './addon-input';
import { FAILINGS, RECORD_MODES } from './define-config';

const PORT = 'a whole number from 0 to 65535';
const POSITIVE = 'a whole number above 0';
const UNMATCHED = 'forward, kill or a status from 200 to 599';

// A check's message completes the sentence "KEY is VALUE, but must be …".
const flag = z.boolean('true or false').optional();
const text = z.string('a text').min(1, 'a text that is not empty');
const path = z.string('a file name').min(1, 'a file name');
const positive = z.int(POSITIVE).min(1, POSITIVE);

function section<T extends z.core.$ZodLooseShape>(shape: T) {
  return z
    .strictObject(shape, { error: (issue) => (issue.code === 'invalid_type' ? 'an object' : undefined) })
    .optional();
}

/** What `read` can read; what it throws is the whole message. */
function readBy<T>(read: (value: T) => unknown) {
  return (context: z.core.ParsePayload<T>) => {
    try {
      read(context.value);
    } catch (error) {
      context.issues.push({
        code: 'custom',
        input: context.value,
        message: reasonOf(error),
        params: { sentence: true },
      });
    }
  };
}

const origin = z.string('an origin like http://127.0.0.1:3000').check(readBy(parseOrigin));
const listener = z.custom<string | ListenerSpec>(() => true).check(readBy((spec) => parseListener(spec)));
const ignoredHost = z
  .custom<HostPattern>(
    (value) => typeof value === 'string' || value instanceof RegExp,
    'a text or a regular expression',
  )
  .check(readBy((pattern) => compileHosts([pattern])));
const upstreamProxy = z
  .string('a URL like http://127.0.0.1:3128, or env')
  .check(readBy((proxy) => proxyChoice({ proxy }, {})));
const pastProxy = z
  .string('a host, .domain, address, net or *')
  .check(readBy((rule) => noProxyRules([rule])));

const limits = Object.fromEntries(Object.keys(DEFAULT_LIMITS).map((name) => [name, positive.optional()])) as {
  [K in keyof Limits]: z.ZodOptional<z.ZodInt>;
};

const addon = z.custom<AddonInput | string>(
  isAddonInput,
  'a file name, a function (proxy) => {…}, an addon { name, apply(proxy) {…} } or a list of these',
);

const clientCertificate = z.strictObject(
  { host: text, cert: path, key: path.optional(), passphrase: text.optional() },
  {
    error: (issue) =>
      issue.code === 'invalid_type' ? 'an object { host, cert, key, passphrase }' : undefined,
  },
);

const { shape: replay } = serverReplaySchema();
const unmatched = unmatchedSchema(z);

/** What a config, and the flags of the command line put together as one, may say. */
export const configSchema = z.strictObject(
  {
    listen: section({
      host: text.optional(),
      port: z.int(PORT).min(0, PORT).max(65535, PORT).optional(),
      proxyAuth: text.optional(),
      http2: flag,
      allowLan: flag,
      allowPublic: flag,
    }),
    mode: section({ reverse: origin.optional(), keepHost: flag }),
    listeners: z.array(listener, 'a list of listeners').optional(),
    replay: section({
      from: z.array(path, 'a list of file names').optional(),
      headers: replay.headers.unwrap().optional(),
      ignore: replay.ignore.unwrap().optional(),
      reuse: replay.reuse.unwrap().optional(),
      speed: replay.speed.unwrap().optional(),
      rules: replay.rules.unwrap().optional(),
    }),
    refresh: flag,
    unmatched: z
      .union([z.enum(['forward', 'kill']), unmatched.action, unmatched.rules, unmatched.decide], {
        error: ({ input }) =>
          typeof input === 'object' ? `a list of { match, verdict }, verdict being ${UNMATCHED}` : UNMATCHED,
      })
      .optional(),
    ignoreHosts: z.array(ignoredHost, 'a list of hosts').optional(),
    sessions: z.union([z.boolean(), z.literal('required')], 'true, false or required').optional(),
    offline: flag,
    record: section({
      to: z
        .string('a file name')
        .regex(/^\+?[^+]/, 'a file name, or + and a file name')
        .optional(),
      mode: z.enum(RECORD_MODES, 'all, missing or once').optional(),
      fresh: flag,
      redact: z.array(z.string('a facet name').min(1, 'a facet name'), 'a list of facet names').optional(),
    }),
    report: path.optional(),
    failOn: z
      .array(z.enum(FAILINGS, `${FAILINGS.slice(0, -1).join(', ')} or ${FAILINGS.at(-1)}`), 'a list of words')
      .optional(),
    upstream: section({
      insecure: flag,
      http2: flag,
      ca: path.optional(),
      cert: path.optional(),
      key: path.optional(),
      clientCertificates: z.array(clientCertificate, 'a list of { host, cert, key, passphrase }').optional(),
      proxy: upstreamProxy.optional(),
      noProxy: z.array(pastProxy, 'a list of hosts').optional(),
    }),
    authority: path.optional(),
    limits: section(limits),
    hookTimeout: positive.optional(),
    addons: z.array(addon, 'a list of addons and file names').optional(),
  },
  {
    error: (issue) =>
      issue.code === 'invalid_type' ? 'an object of settings, export default defineConfig({…})' : undefined,
  },
);
