import { defaultMatchMessage, ServerReplay, type MitmProxy } from 'replay-proxy';

/** Messages of Socket.IO are a number and JSON, `42["order",{"id":1}]`: with this, `--ignore body.1.id` takes the id out of what is compared. */
export default function matchSocketIo(proxy: MitmProxy): void {
  ServerReplay.hooks(proxy).matchMessage.tap('MatchSocketIo', (message, recorded, flow, comparison) => {
    const [[mine, said], [theirs, wanted]] = [partsOf(message.data), partsOf(recorded.data)];
    if (mine !== theirs) return false;
    return defaultMatchMessage({ ...message, data: said }, { ...recorded, data: wanted }, flow, comparison);
  });
}

function partsOf(data: Buffer): [number: string, rest: Buffer] {
  const [number = ''] = /^\d*/.exec(data.toString('latin1')) ?? [];
  return [number, data.subarray(number.length)];
}
