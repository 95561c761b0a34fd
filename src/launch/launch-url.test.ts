import { describe, expect, it } from 'vitest';
import { LaunchFailure } from './failure.ts';
import { readLaunchUrl } from './launch-url.ts';

const base = 'https://record.example/app/launch';
const iss = encodeURIComponent('https://record.example/fhir');

function codeOf(url: string): string | undefined {
  try {
    readLaunchUrl(new URL(url));
    return undefined;
  } catch (error) {
    return error instanceof LaunchFailure ? error.code : 'other';
  }
}

describe('the launch URL', () => {
  it('gives issuer and handle @161', () => {
    expect(readLaunchUrl(new URL(`${base}?iss=${iss}&launch=abc`))).toEqual({
      iss: 'https://record.example/fhir',
      launch: 'abc',
    });
  });

  it.each([
    ['a reload', base, 'no-launch'],
    ['an empty handle', `${base}?iss=${iss}&launch=`, 'no-launch'],
    ['another issuer', `${base}?iss=${encodeURIComponent('https://evil.example/fhir')}&launch=abc`, 'foreign-launch'],
    ['no issuer', `${base}?launch=abc`, 'foreign-launch'],
    [
      'fhirServiceUrl, which would make a launch without OAuth',
      `${base}?iss=${iss}&launch=abc&fhirServiceUrl=x`,
      'foreign-launch',
    ],
    ['patientId, which would choose the person', `${base}?iss=${iss}&launch=abc&patientId=1`, 'foreign-launch'],
    ['clientId', `${base}?iss=${iss}&launch=abc&clientId=x`, 'foreign-launch'],
    ['a parameter twice', `${base}?iss=${iss}&iss=${iss}&launch=abc`, 'foreign-launch'],
  ])('refuses %s', (_, url, code) => {
    expect(codeOf(url)).toBe(code);
  });
});
