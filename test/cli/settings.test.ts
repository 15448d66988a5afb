import assert from 'node:assert/strict';
import { settingsFor } from '../../src/cli/settings';
import { Project } from '../config/project';

describe('settingsFor', () => {
  it('puts flags over the config file of the working directory, or the one that is named', async () => {
    const here = process.cwd();
    const project = new Project({
      'package.json': '{}',
      'replay.config.json': '{"refresh":false,"unmatched":"kill"}',
      'other.json': '{"unmatched":404}',
    });
    try {
      process.chdir(project.folder);
      const found = await settingsFor({ refresh: true }, undefined);
      assert.deepEqual(found.config, { refresh: true, unmatched: 'kill', addons: [] });
      assert.equal((await settingsFor({}, 'other.json')).config.unmatched, 404);
      await assert.rejects(settingsFor({ listen: { port: -1 } }, undefined), /^ConfigError: --port is -1/);
    } finally {
      process.chdir(here);
      project.remove();
    }
  });
});
