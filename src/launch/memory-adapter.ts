import * as module from 'fhirclient/lib/adapters/BrowserAdapter.js';
import type FhirBrowserAdapter from 'fhirclient/lib/adapters/BrowserAdapter.js';

type Adapter = FhirBrowserAdapter.default;
type AdapterClass = new (options?: Adapter['options']) => Adapter;
type Storage = ReturnType<Adapter['getStorage']>;

/** CommonJS: a bundler hands out the class as `default`, or `default.default`, as it sees fit. */
function adapterClass(): AdapterClass {
  let inner: unknown = module;
  while (typeof inner === 'object' && inner !== null && 'default' in inner) inner = inner.default;
  return inner as AdapterClass;
}

/**
 * State in memory alone: tokens are never at rest, two tabs never share one, and it works in a cross-site frame where
 * the browser forbids every storage. fhirclient calls with a null key, which is borne.
 */
class MemoryStorage implements Storage {
  readonly #held = new Map<string, unknown>();

  async get(key: string | null): Promise<unknown> {
    return key === null ? undefined : this.#held.get(key);
  }

  async set(key: string, value: unknown): Promise<unknown> {
    this.#held.set(key, value);
    return value;
  }

  async unset(key: string | null): Promise<boolean> {
    return key !== null && this.#held.delete(key);
  }
}

/** fhirclient's browser adapter on memory, blind to the page's own URL (which could override the options given in code). */
export class MemoryAdapter extends adapterClass() {
  readonly #storage = new MemoryStorage();
  readonly #url: URL;

  constructor(url: URL) {
    super({
      replaceBrowserHistory: false,
      fullSessionStorageSupport: false,
      refreshTokenWithClientId: true,
      refreshTokenWithCredentials: 'omit',
    });
    this.#url = url;
  }

  override getUrl(): URL {
    return this.#url;
  }

  override getStorage(): Storage {
    return this.#storage;
  }
}
