import { describe, expect, it } from 'vitest';
import {
  blank,
  found,
  freeName,
  governedBy,
  type Host,
  healthOf,
  isGoverned,
  lacks,
  nameFlaw,
  providersSearch,
  wanted,
} from './provider';

const host = (more: Partial<Host> = {}): Host => ({
  name: 'openai',
  display: 'OpenAI',
  company: 'OpenAI',
  country: 'US',
  kind: 'cloud',
  dialects: ['openai-chat'],
  base_url: 'https://api.openai.com/v1',
  needs_secret: true,
  secret_url: 'https://example.com/keys',
  settings: [],
  models: 100,
  own_models: 90,
  described: true,
  ...more,
});
const custom = host({ name: 'custom', kind: 'custom', needs_secret: false, base_url: '{base_url}' });
const region = { name: 'region', description: '', default: 'eu-west-1', example: '' };
const resource = { name: 'resource', description: '', default: '', example: 'contoso' };

describe('a name', () => {
  it('is the first that is free', () => {
    expect(freeName('openai', [])).toBe('openai');
    expect(freeName('openai', ['openai', 'openai-2'])).toBe('openai-3');
  });
  it('has flaws with reasons', () => {
    expect(nameFlaw('', [])).toBe('empty');
    expect(nameFlaw('local', [])).toBe('reserved');
    expect(nameFlaw('My Server', [])).toBe('letters');
    expect(nameFlaw('lab', ['lab'])).toBe('taken');
    expect(nameFlaw('lab-2', ['lab'])).toBeNull();
  });
});

describe('a draft', () => {
  it('lacks what its host needs', () => {
    expect(lacks(host(), blank(host(), []))).toEqual(['secret']);
    expect(
      lacks(host({ settings: [region, resource] }), blank(host({ settings: [region, resource] }), [])),
    ).toEqual([{ setting: 'resource' }, 'secret']);
    expect(lacks(custom, blank(custom, []))).toEqual(['address']);
    expect(lacks(custom, { ...blank(custom, []), address: 'http://10.0.0.5:8000/v1' })).toEqual([]);
  });
  it('may have another address, if it is one', () => {
    const draft = { ...blank(host(), []), secret: 'x', address: 'eu.example' };
    expect(lacks(host(), draft)).toEqual(['address']);
    expect(wanted(host(), { ...draft, address: 'https://eu.example/v1/' }).base_url).toBe(
      'https://eu.example/v1',
    );
  });
  it('becomes what is sent: only what differs from the catalogue', () => {
    const bedrock = host({ name: 'bedrock', settings: [region] });
    expect(wanted(bedrock, { ...blank(bedrock, []), secret: ' key ' })).toEqual({
      name: 'bedrock',
      host: 'bedrock',
      base_url: null,
      dialects: {},
      settings: {},
      enabled: true,
      secret: 'key',
      residency: null,
      jurisdiction: null,
      data_classes: null,
    });
    expect(wanted(bedrock, { ...blank(bedrock, []), settings: { region: 'eu-north-1' } }).settings).toEqual({
      region: 'eu-north-1',
    });
  });
  it('says what its operator says of it', () => {
    const draft = {
      ...blank(custom, []),
      residency: ['FR', 'DE'],
      jurisdiction: 'FR',
      classes: ['public', 'hr-*'],
    };
    expect(wanted(custom, draft)).toMatchObject({
      residency: ['FR', 'DE'],
      jurisdiction: 'FR',
      data_classes: ['public', 'hr-*'],
    });
    expect(governedBy(wanted(custom, draft))).toEqual({
      residency: ['FR', 'DE'],
      jurisdiction: 'FR',
      classes: ['public', 'hr-*'],
    });
    expect(isGoverned(draft)).toBe(true);
    expect(isGoverned(governedBy({}))).toBe(false);
  });
  it('of a server of one’s own says what it speaks', () => {
    const draft = { ...blank(custom, []), address: 'http://h/v1', dialect: 'anthropic-messages' };
    expect(draft.name).toBe('my-server');
    expect(wanted(custom, draft)).toMatchObject({
      host: 'custom',
      base_url: 'http://h/v1',
      dialects: { 'anthropic-messages': '/messages' },
      secret: null,
    });
  });
});

describe('hosts', () => {
  const hosts = [
    host({ name: 'tiny', display: 'Tiny', models: 900, own_models: 0, described: false, secret_url: '' }),
    host({ name: 'vllm', display: 'vLLM', kind: 'local', models: 0, own_models: 0, secret_url: '' }),
    host({ name: 'router', display: 'Router', models: 500, own_models: 0 }),
    host(),
    custom,
  ];
  it('are ordered by how likely they are meant; one’s own server is no host to be found', () => {
    expect(found(hosts, '').map((each) => each.name)).toEqual(['openai', 'router', 'vllm', 'tiny']);
  });
  it('are found by all words', () => {
    expect(found(hosts, 'ROUT').map((each) => each.name)).toEqual(['router']);
    expect(found(hosts, 'open ai').map((each) => each.name)).toEqual(['openai', 'router', 'vllm', 'tiny']);
    expect(found(hosts, 'nobody')).toEqual([]);
  });
});

describe('health', () => {
  it('is what stands in the way, then the last test, then the traffic', () => {
    expect(healthOf({ state: 'disabled', tried: { ok: false } }, undefined)).toBe('none');
    expect(healthOf({ state: 'unusable' }, undefined)).toBe('bad');
    expect(healthOf({ state: 'ready', tried: { ok: false } }, { exchanges: 10, failures: 0 })).toBe('bad');
    expect(healthOf({ state: 'ready' }, { exchanges: 100, failures: 60 })).toBe('bad');
    expect(healthOf({ state: 'ready' }, { exchanges: 100, failures: 6 })).toBe('busy');
    expect(healthOf({ state: 'ready' }, { exchanges: 100, failures: 1 })).toBe('good');
    expect(healthOf({ state: 'ready', tried: { ok: true } }, undefined)).toBe('good');
    expect(healthOf({ state: 'ready' }, undefined)).toBe('none');
  });
});

describe('the address of the page', () => {
  it('tells an open form from none', () => {
    expect(providersSearch({ add: '' })).toEqual({ add: '', edit: undefined });
    expect(providersSearch({ edit: 'lab', x: 1 })).toEqual({ add: undefined, edit: 'lab' });
  });
});
