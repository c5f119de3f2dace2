/** Mark a secret anywhere in a name, as in `dbpassword` and `MYAPIKEY`. A tokenizer is not a secret. */
const ANYWHERE =
  /passw(or)?d|pass_?(phrase|code)|secret|token(?!iz)|credential|(api|access|private)_?key|connection_?str/;
/** Keys that give access. A plain `KEY` does not, nor do cache, sort, primary or public keys. */
const KEY = new RegExp(
  `(^|_)(${[
    'account|admin|app|auth|cookie|(de|en)crypt(ion)?|crypt(o)?|deploy|hmac|jwt|license|master|root|rsa|service',
    'session|shared|sign(ing)?|ssh|ssl|storage|subscription|tls|write',
  ].join('|')})_?keys?(_|$)`,
);
/** Mark a secret as whole words: AUTH is not found in AUTHOR, nor PAT in PATH. */
const WORD = /(^|_)(auth|authorization|bearer|creds?|jwt|pat|salt)(_|$)/;
/** `DB_PASS`, `PGPASS`, `SSHPASS`, but not BYPASS. */
const PASS = /(^|_)(?!(by|com|encom|over|sur|tres|under)pass)[a-z0-9]*pass(_|$)/;
/** `DB_PWD`, `MYSQLPWD`, but not the shell's working directories. */
const PWD = /(^(?!pwd$)|_)(?!oldpwd)[a-z0-9]*pwd(_|$)/;

/**
 * The place of a secret (`POSTGRES_PASSWORD_FILE`), or a number of tokens of a language model (`MAX_NEW_TOKENS`).
 */
const NO_SECRET = /_(file|path|dir)$|(^|_)(max|min|num|total)(_[a-z]+)?_tokens$/;
/** Describes a login, but is not its secret: `AUTH_TYPE`, `SSH_AUTH_SOCK`. */
const ABOUT = new RegExp(
  `_(${[
    'domain|enabled|host|method|mode|name|port|provider|realm|required|scheme|scopes?|server|sock|through|timeout',
    'ttl|type|ur[il]|user',
  ].join('|')})$`,
);

/** Whether a variable's name shows that its value is a secret. */
export function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  if (NO_SECRET.test(plain)) return false;
  if (ANYWHERE.test(plain)) return true;
  const words = name
    .replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
  return [KEY, WORD, PASS, PWD].some((names) => names.test(words)) && !ABOUT.test(words);
}

/** The values of the variables whose names show that they are secrets. */
export function secretValues(variables: Readonly<NodeJS.Dict<string>>): string[] {
  return Object.entries(variables).flatMap(([name, value]) =>
    value !== undefined && isSecretName(name) ? [value] : [],
  );
}
