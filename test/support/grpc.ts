import {
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientWritableStream,
  credentials,
  makeGenericClientConstructor,
  type Metadata,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceError,
  type sendUnaryData,
  type ServiceClientConstructor,
  type StatusObject,
} from '@grpc/grpc-js';

const text = {
  requestSerialize: (value: string) => Buffer.from(value),
  requestDeserialize: (bytes: Buffer) => bytes.toString(),
  responseSerialize: (value: string) => Buffer.from(value),
  responseDeserialize: (bytes: Buffer) => bytes.toString(),
};
const method = (
  name: string,
  requestStream: boolean,
  responseStream: boolean,
): MethodDefinition<string, string> => ({
  path: `/shop.Words/${name}`,
  requestStream,
  responseStream,
  ...text,
});
const WORDS = {
  upper: method('Upper', false, false),
  count: method('Count', false, true),
  join: method('Join', true, false),
  echo: method('Echo', true, true),
  watch: method('Watch', false, true),
};

/** A client of the service below: messages are texts. */
export interface WordsClient {
  upper(
    word: string,
    done: (error: ServiceError | null, answer?: string) => void,
  ): ReturnType<InstanceType<ServiceClientConstructor>['makeUnaryRequest']>;
  count(to: string, metadata?: Metadata): ClientReadableStream<string>;
  join(done: (error: ServiceError | null, answer?: string) => void): ClientWritableStream<string>;
  echo(): ClientDuplexStream<string, string>;
  watch(what: string, options?: { deadline: number }): ClientReadableStream<string>;
  close(): void;
}

/** A gRPC server without a schema: `upper` is unary, `count` streams back, `join` streams in, `echo` and `watch` stream on. */
export class WordsServer {
  /** Names of calls, in order. */
  readonly calls: string[] = [];
  readonly #server = new Server();
  port = 0;

  static async start(tls?: { key: string; cert: string }): Promise<WordsServer> {
    const words = new WordsServer();
    words.#serve();
    const how = tls
      ? ServerCredentials.createSsl(null, [
          { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.cert) },
        ])
      : ServerCredentials.createInsecure();
    words.port = await new Promise<number>((resolve, reject) => {
      words.#server.bindAsync('127.0.0.1:0', how, (error, port) => (error ? reject(error) : resolve(port)));
    });
    return words;
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  #serve(): void {
    const { calls } = this;
    this.#server.addService(WORDS, {
      upper({ request }: ServerUnaryCall<string, string>, done: sendUnaryData<string>) {
        calls.push(`upper ${request}`);
        if (request === 'nonsense') return done({ code: 3, details: 'no word, no ünderstanding' });
        done(null, request.toUpperCase());
      },
      async count(call: ServerWritableStream<string, string>) {
        calls.push(`count ${call.request}`);
        for (let i = 1; i <= Number(call.request); i += 1) {
          call.write(`number ${i}`);
          await new Promise(setImmediate);
        }
        call.end();
      },
      async join(call: ServerReadableStream<string, string>, done: sendUnaryData<string>) {
        const words: string[] = [];
        for await (const word of call as AsyncIterable<string>) words.push(word);
        calls.push(`join ${words.join()}`);
        done(null, words.join(' '));
      },
      echo(call: ServerDuplexStream<string, string>) {
        calls.push('echo');
        call.on('data', (word: string) => call.write(`${word}!`)).on('end', () => call.end());
      },
      watch(call: ServerWritableStream<string, string>) {
        calls.push(`watch ${call.request}`);
        call.write('first');
        setImmediate(() => call.write('second'));
      },
    });
  }
}

/** A client of `WordsServer`, over TLS when there is a CA, and by CONNECT to `proxy` when there is one. */
export function wordsClient(port: number, { ca, proxy }: { ca?: string; proxy?: string } = {}): WordsClient {
  const Client = makeGenericClientConstructor(WORDS, 'Words') as unknown as new (
    ...args: unknown[]
  ) => WordsClient;
  const how = ca === undefined ? credentials.createInsecure() : credentials.createSsl(Buffer.from(ca));
  // It has no other way to be told, and reads it at once.
  if (proxy !== undefined) process.env['grpc_proxy'] = proxy;
  try {
    return new Client(`127.0.0.1:${port}`, how, { 'grpc.enable_http_proxy': proxy === undefined ? 0 : 1 });
  } finally {
    delete process.env['grpc_proxy'];
  }
}

/** The answer of a call with one; rejects with its ServiceError. */
export function answerTo(
  call: (done: (error: ServiceError | null, answer?: string) => void) => unknown,
): Promise<string> {
  return new Promise((resolve, reject) =>
    call((error, answer) => (error ? reject(error) : resolve(answer!))),
  );
}

/** All messages of a call, and its status. */
export async function messagesOf(
  call: ClientReadableStream<string> | ClientDuplexStream<string, string>,
): Promise<{ messages: string[]; status: StatusObject }> {
  const messages: string[] = [];
  call.on('data', (message: string) => messages.push(message));
  call.on('error', () => {});
  const status = await new Promise<StatusObject>((resolve) => call.once('status', resolve));
  return { messages, status };
}
