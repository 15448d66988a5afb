import { EgressError } from '../errors';
import { formatAuthority } from '../http/authority';
import type { Core } from './exchange';
import type { Flow, Outcome } from './flow';
import type { Tunnel, TunnelVerdict } from './tunnel';

type Shared = Pick<Core, 'hooks' | 'now' | 'offline'>;

/**
 * Asks what is to happen with a CONNECT. One that is not intercepted ends here as the flow that `open` makes, so that it is logged and
 * counted. Rejects with what a tap throws.
 */
export async function decideTunnel(tunnel: Tunnel, open: () => Flow, core: Shared): Promise<TunnelVerdict> {
  try {
    const verdict = (await core.hooks.connect.promise(tunnel)) || 'intercept';
    if (verdict === 'tunnel' && core.offline) throw new EgressError(tunnel.decidedBy, whereTo(tunnel));
    if (verdict === 'tunnel') await end(open(), 'forwarded', core);
    else if (verdict !== 'intercept')
      await end(open(), verdict.kind === 'kill' ? 'killed' : 'answered', core);
    return verdict;
  } catch (error) {
    const flow = open();
    flow.error = error as Error;
    await end(flow, 'failed', core);
    throw error;
  }
}

/**
 * Asks `unmatched` about bytes inside a CONNECT that are no HTTP, so that what kills and what spares works there too. True: they
 * may pass.
 */
export async function mayPass(flow: Flow, core: Shared): Promise<boolean> {
  let outcome: Outcome = 'forwarded';
  try {
    const verdict = await core.hooks.unmatched.promise(flow);
    if (verdict && verdict.kind !== 'forward') outcome = 'killed';
    else if (core.offline) throw new EgressError(flow.decidedBy, whereTo(flow.request));
  } catch (error) {
    flow.error = error as Error;
    outcome = 'failed';
  }
  await end(flow, outcome, core);
  return outcome === 'forwarded';
}

function whereTo({ host, port }: { host: string; port: number }): string {
  return `a tunnel to ${formatAuthority(host, port)}`;
}

async function end(flow: Flow, outcome: Outcome, { hooks, now }: Shared): Promise<void> {
  flow.outcome = outcome;
  if (outcome === 'forwarded') flow.contactedAt = now();
  flow.endedAt = now();
  await hooks.complete.promise(flow);
}
