import { type Scene, servedAs } from './contender';
import { bareTls } from './contenders/bare-tls';
import { FORWARDING } from './contenders/forwarding';
import { CONTENDERS } from './contenders';

// The process of a contender that is a library: `serve.ts NAME SCENE`, the scene as JSON.
const [name, scene] = process.argv.slice(2);
const contender = [...CONTENDERS, bareTls, ...FORWARDING].find((one) => one.serve && servedAs(one) === name);
if (contender?.serve === undefined || scene === undefined) throw new Error(`no contender to serve: ${name}`);
void contender.serve(JSON.parse(scene) as Scene);
