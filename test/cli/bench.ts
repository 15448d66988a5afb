import { Project } from '../config/project';
import { Origin } from '../support/origin';
import { RunningReplay } from './command';

/** What each test of a suite has anew: a folder, a server to forward to, and a proxy that the command line runs. */
export class Bench {
  project!: Project;
  origin!: Origin;
  /** The last that was run. */
  running!: RunningReplay;
  #isRun = false;

  /** To be made in a `describe`. */
  constructor() {
    beforeEach(async () => {
      this.project = new Project({ 'package.json': '{}' });
      this.origin = await Origin.start();
    });
    afterEach(async () => {
      if (this.#isRun) this.running.child.kill('SIGKILL');
      this.#isRun = false;
      await this.origin.stop();
      this.project.remove();
    });
  }

  /** Runs the proxy with these arguments; gives where it listens. */
  async run(...args: string[]): Promise<{ host: string; port: number }> {
    this.running = new RunningReplay(this.project.folder, ...args);
    this.#isRun = true;
    const { hostname, port } = new URL(await this.running.line(/^listening on (\S+)/m));
    return { host: hostname, port: Number(port) };
  }
}
