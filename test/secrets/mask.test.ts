import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { maskedStart, recordMask, textMask } from '../../src/secrets/mask.ts';

const NASTY = 'it\'s "q" \\ 100% a/b+c é\u00a0\u{1f600}\t~end';
const PEM = [
  '-----BEGIN PRIVATE KEY-----',
  'abcd+/EF'.repeat(8),
  'ghij+/KL'.repeat(8),
  'mnopQRST==',
  '-----END PRIVATE KEY-----',
  '',
].join('\n');

/** The spellings of NASTY in Python 3. */
const PYTHON = {
  repr: String.raw`'it\'s "q" \\ 100% a/b+c é\xa0😀\t~end'`,
  ascii: String.raw`'it\'s "q" \\ 100% a/b+c \xe9\xa0\U0001f600\t~end'`,
  bytes: String.raw`b'it\'s "q" \\ 100% a/b+c \xc3\xa9\xc2\xa0\xf0\x9f\x98\x80\t~end'`,
  json: String.raw`"it's \"q\" \\ 100% a/b+c \u00e9\u00a0\ud83d\ude00\t~end"`,
  quote: 'it%27s%20%22q%22%20%5C%20100%25%20a/b%2Bc%20%C3%A9%C2%A0%F0%9F%98%80%09~end',
  quotePlus: 'it%27s+%22q%22+%5C+100%25+a%2Fb%2Bc+%C3%A9%C2%A0%F0%9F%98%80%09~end',
};

describe('a mask of texts', () => {
  const forms: Record<string, string> = {
    plain: NASTY,
    JSON: JSON.stringify(NASTY),
    'JSON in JSON': JSON.stringify(JSON.stringify({ NASTY })),
    inspect: inspect([NASTY]).replace(/^\[ /, '').replace(/ \]$/, ''),
    encodeURIComponent: encodeURIComponent(NASTY),
    encodeURI: encodeURI(NASTY),
    form: new URLSearchParams({ NASTY }).toString(),
    base64: Buffer.from(NASTY).toString('base64'),
    base64url: Buffer.from(NASTY).toString('base64url'),
    ...PYTHON,
  };
  for (const [form, text] of Object.entries(forms)) {
    it(`finds a secret as ${form}`, () => {
      const masked = textMask([NASTY])(`<${text}>`);
      assert.match(masked, /^<[b'"`\\{}:NASTY=]*\*\*\*[='"`\\}]*>$/, masked);
    });
  }

  it('finds control characters as Node.js and Python write them', () => {
    const bell = 'ring\x07\b\v\x1b[1m';
    const mask = textMask([bell]);
    assert.equal(mask(inspect(bell)), "'***'");
    assert.equal(mask(String.raw`'ring\x07\x08\x0b\x1b[1m'`), "'***'");
    assert.equal(mask(JSON.stringify(bell)), '"***"');
  });

  it('finds a password inside base64, wherever it begins', () => {
    const mask = textMask(['correct horse battery']);
    for (const user of ['', 'a', 'ab', 'abc', 'abcd']) {
      const masked = mask(`Basic ${Buffer.from(`${user}:correct horse battery`).toString('base64')}`);
      const left = Buffer.from(masked.split('***')[0]?.slice('Basic '.length) ?? '', 'base64').toString();
      assert.match(masked, /\*\*\*.{0,2}=*$/);
      assert.ok(`${user}:co`.startsWith(left.replace(/[^\x20-\x7e]/g, '')), masked);
    }
  });

  it('finds each line of a secret of several lines, and all of them together', () => {
    const mask = textMask([PEM]);
    for (const line of PEM.trim().split('\n')) assert.equal(mask(`| ${line}\r`), '| ***\r');
    assert.equal(mask(PEM), '***');
    assert.equal(mask(`key=${JSON.stringify(PEM)}`), 'key="***"');
    assert.equal(mask(PEM.trim()), Array(5).fill('***').join('\n'));
  });

  it('leaves values of fewer than six characters, which appear in too many lines', () => {
    assert.equal(textMask(['true', '12345', ''])('true 12345'), 'true 12345');
    assert.equal(textMask(['123456'])('1234567'), '***7');
  });

  it('masks the longest of secrets that begin alike, and finds one that begins like another', () => {
    const mask = textMask(['secret-1', 'secret-1-long', 'secret-2']);
    assert.equal(mask('secret-1-long secret-1-lo secret-2 secret-3 secresecret-2'), '*** ***-lo *** secret-3 secre***');
  });

  it('masks secrets of any length and number', () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `${index}-${'x'.repeat(60)}`);
    const mask = textMask([lines.join('\n'), 'y'.repeat(200_000)]);
    assert.equal(mask(`${lines[4321]} ${'y'.repeat(200_000)}`), '*** ***');
  });
});

describe('an address', () => {
  const cases: [said: string, masked: string][] = [
    ['https://me:hunter2@host/x', 'https://***@host/x'],
    ['https://user:p@ss/w@host/x', 'https://***@host/x'],
    ['https://user:p:a?s#s@host:8080/x', 'https://***@host:8080/x'],
    ['https://me@corp.com:pw@host/x', 'https://***@host/x'],
    ['redis://:hunter2@cache:6379/0', 'redis://***@cache:6379/0'],
    ['amqp://a:b@one,amqp://c:d@two', 'amqp://***@one,amqp://***@two'],
    ['["http://a:b@one","http://c:d@two"]', '["http://***@one","http://***@two"]'],
    ['git+https://me:pw@host/repo.git and bob@example.com', 'git+https://***@host/repo.git and bob@example.com'],
    ['ssh://git:pw@host', 'ssh://***@host'],
    ['https://ghp_abcdef@github.com/a/b', 'https://***@github.com/a/b'],
    ['https://token@host', 'https://***@host'],
    ['HTTP://to@ken@host', 'HTTP://***@host'],
    ['http://me:pw@[::1]:8000/', 'http://***@[::1]:8000/'],
  ];
  for (const [said, masked] of cases) it(`is masked: ${said}`, () => assert.equal(textMask([])(said), masked));

  const open = [
    'git@github.com:a/b.git',
    'ssh://git@host/a',
    'git+ssh://git@github.com/a/b.git',
    'postgres://app@db/x',
    'http://localhost:4873/@types/node',
    'https://registry.npmjs.org/@types/node',
    'https://host/a?mail=me@example.com',
    'http://host:80?mail=me@example.com',
    'http://[::1]:8000/',
    'at http://host:8000 bob@example.com',
  ];
  for (const said of open) it(`stays: ${said}`, () => assert.equal(textMask(['something else'])(said), said));
});

describe('a mask of records', () => {
  it('also masks secrets in keys, and returns a record without secrets unchanged', () => {
    const mask = recordMask(['hunter2-secret']);
    const record = { message: 'm', with: { 'x hunter2-secret': 1, list: [{ 'hunter2-secret': ['hunter2-secret'] }] } };
    assert.deepEqual(mask(record), { message: 'm', with: { 'x ***': 1, list: [{ '***': ['***'] }] } });
    const plain = { message: 'm', with: { a: [1, { b: null }] } };
    assert.equal(mask(plain), plain);
  });
});

describe('the masked start of a text', () => {
  it('does not end with a part of a secret, wherever it is cut', () => {
    const secret = 'S3cr3t-'.repeat(30);
    const mask = textMask([secret]);
    for (const after of [0, 5000]) {
      for (let before = 0; before < 700; before += 7) {
        const start = maskedStart(`${'.'.repeat(before)}${secret}${'.'.repeat(after)}`, 400, mask);
        assert.match(start, /^\.*(\*\*\*|\*\*|\*)?\.*$/);
        assert.ok(start.length <= 400);
      }
    }
    assert.equal(maskedStart('.'.repeat(9000), 400, mask).length, 400);
  });
});
