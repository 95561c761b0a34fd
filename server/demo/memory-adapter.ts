import type { Adapter, AdapterPayload } from 'oidc-provider';

/** What one authorization server of the demo remembers: in this process, until it ends. */
export function memoryAdapter(): (model: string) => Adapter {
  const kept = new Map<string, { readonly payload: AdapterPayload; readonly until: number }>();
  const find = (key: string): AdapterPayload | undefined => {
    const one = kept.get(key);
    if (one === undefined || one.until > Date.now()) return one?.payload;
    kept.delete(key);
    return undefined;
  };

  return (model) => {
    const keyOf = (id: string): string => `${model}:${id}`;
    const first = (test: (payload: AdapterPayload) => boolean): AdapterPayload | undefined =>
      [...kept.keys()]
        .filter((key) => key.startsWith(`${model}:`))
        .map(find)
        .find((payload) => payload !== undefined && test(payload));
    return {
      upsert: async (id, payload, expiresInSeconds) => {
        const until = expiresInSeconds === undefined ? Infinity : Date.now() + expiresInSeconds * 1000;
        kept.set(keyOf(id), { payload, until });
      },
      find: async (id) => find(keyOf(id)),
      findByUid: async (uid) => first((payload) => payload.uid === uid),
      findByUserCode: async (userCode) => first((payload) => payload.userCode === userCode),
      consume: async (id) => {
        const one = kept.get(keyOf(id));
        if (one !== undefined)
          kept.set(keyOf(id), { ...one, payload: { ...one.payload, consumed: Math.floor(Date.now() / 1000) } });
      },
      destroy: async (id) => {
        kept.delete(keyOf(id));
      },
      revokeByGrantId: async (grantId) => {
        for (const [key, { payload }] of kept) if (payload.grantId === grantId) kept.delete(key);
      },
    };
  };
}
