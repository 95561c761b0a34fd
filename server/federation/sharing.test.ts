import { expect, it } from 'vitest';
import type { Config } from '../config/config.ts';
import { hostSchema, type SmartHost } from '../config/schema.ts';
import { hostSource } from './host-record.ts';
import { isShared } from './sharing.ts';
import { sourceOf } from './stand-in.ts';

const origin = (ods: string) => ({ ods, name: 'Any', label: 'ANY' });
const config = (sources: Config['sources'], hosts: Config['hosts'] = []): Pick<Config, 'sources' | 'hosts'> => ({
  sources,
  hosts,
});

it('a source shares while its entry is there and says so', () => {
  const source = sourceOf({ id: 'county' });
  const answer = { source, origin: origin(source.ods) };
  expect(isShared(config([source]), answer)).toBe(true);
  expect(isShared(config([{ ...source, sharing: false }]), answer)).toBe(false);
  expect(isShared(config([]), answer)).toBe(false);
});

it('a practice shares while its source and its own entry say so', () => {
  const practice = (sharing: boolean) => ({ name: 'Surgery', baseUrl: 'http://127.0.0.1:9/gp', sharing });
  const gp = (sharing: boolean) => sourceOf({ id: 'gp', kind: 'gp-connect', practices: { M83001: practice(sharing) } });
  const answer = { source: gp(true), origin: origin('M83001') };
  expect(isShared(config([gp(true)]), answer)).toBe(true);
  expect(isShared(config([gp(false)]), answer)).toBe(false);
  expect(isShared(config([{ ...gp(true), sharing: false }]), answer)).toBe(false);
  expect(isShared(config([{ ...gp(true), practices: {} }]), answer)).toBe(false);
});

it('a host’s own record joins while its entry says so', () => {
  const host = (recordAsSource: boolean): SmartHost => {
    const parsed = hostSchema.parse({
      id: 'epr',
      name: 'EPR',
      organisation: 'RJE',
      roles: ['R8000'],
      door: 'smart',
      iss: 'https://epr.example/fhir',
      clientId: 'ohc',
      clientAuth: 'none',
      recordAsSource,
    });
    if (parsed.door !== 'smart') throw new Error('it is one');
    return parsed;
  };
  const answer = { source: hostSource(host(true)), origin: origin('RJE') };
  expect(isShared(config([], [host(true)]), answer)).toBe(true);
  expect(isShared(config([], [host(false)]), answer)).toBe(false);
  expect(isShared(config([]), answer)).toBe(false);
});
