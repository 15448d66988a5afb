import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createService } from '../../src/config/ts-node-service';
import { buildLoader, Project } from './project';

describe('createService', () => {
  let build: string;
  let project: Project;
  before(() => {
    build = buildLoader();
    project = new Project();
  });
  after(() => {
    rmSync(build, { recursive: true });
    project.remove();
  });

  it('compiles with the options and the transformer given', () => {
    const service = createService(
      { module: 'commonjs', moduleResolution: 'bundler' },
      () => (source) => source,
    );
    assert.match(service.compile('export const a: number = 1', '/a.ts'), /exports\.a = 1/);
  });

  it('leaves the process as it was: stack traces, resolution, extensions, emitters, globals', () => {
    const changed = project.run(
      build,
      `
      const Module = require('node:module');
      const { EventEmitter } = require('node:events');
      const state = () => ({
        stack: Error.prepareStackTrace, resolve: Module._resolveFilename, processEmit: process.emit,
        own: Object.hasOwn(process, 'emit'), emit: EventEmitter.prototype.emit, init: EventEmitter.init,
        domains: EventEmitter.usingDomains, register: process[Symbol.for('ts-node.register.instance')],
        globals: String(Object.keys(globalThis)), extensions: String(Object.entries(Module._extensions)),
      });
      const before = state();
      require(${JSON.stringify(join(build, 'src/config/ts-node-service.js'))}).createService({}, () => (source) => source);
      const after = state();
      return Object.keys(before).filter((key) => before[key] !== after[key]);`,
    );
    assert.deepEqual(changed, []);
  });
});
