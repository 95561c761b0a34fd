import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { listener, until } from './notice.testing.ts';
import { postgresqlNotices } from './notice.ts';

describe('the connection for notices', () => {
  it('is opened again where it breaks, and says so', async () => {
    const databaseUrl = inject('databaseUrl');
    const admin = new pg.Client({ connectionString: databaseUrl });
    await admin.connect();
    const { heard, states, close } = await listener(postgresqlNotices(databaseUrl));
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen%' and pid <> pg_backend_pid()`,
    );
    await until(() => states.length === 3);
    expect(states).toEqual(['connected', 'lost', 'connected']);
    await admin.query(`select pg_notify('news', 'after')`);
    await until(() => heard.length > 0);
    expect(heard).toEqual(['after']);
    await close();
    await admin.end();
  });

  it('that cannot be opened is said once, is tried again, and can be given up', async () => {
    const states: string[] = [];
    const listening = await postgresqlNotices('postgresql://nobody@127.0.0.1:9/none').listen('news', {
      heard: () => undefined,
      connected: () => states.push('connected'),
      lost: () => states.push('lost'),
    });
    await until(() => states.length > 0);
    await sleep(300);
    await listening.close();
    expect(states).toEqual(['lost']);
  });
});
