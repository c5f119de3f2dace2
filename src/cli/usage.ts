import type { Command, CommanderError } from 'commander';
import { UsageError } from './errors.ts';
import { inShell, PROGRAM } from './invokedAs.ts';

/**
 * What is wrong with a command line, in words for its writer. Commander's own are about its parser: "command-argument
 * value 'a,b' is invalid for argument 'task'".
 * @param args the command line without the program
 */
export function usageErrorOf(error: CommanderError, program: Command, args: readonly string[]): UsageError {
  const command = commandOf(program, args);
  const name = [...namesOf(command), ''].join(' ');
  const usage = `\`${PROGRAM} ${name}${command.usage()}\``;
  const shows = command.commands.length > 0 ? 'lists commands' : 'shows arguments and options';
  return new UsageError(inWords(error, command, usage), {
    cause: error,
    hint: `\`${PROGRAM} ${name}--help\` ${shows}.`,
  });
}

function inWords({ code, message }: CommanderError, command: Command, usage: string): string {
  // The names in the order of the message, and the nearest known one: "(Did you mean --json?)".
  const [one = '', two = ''] = [...message.matchAll(/'([^']*)'/g)].map(([, name]) => name ?? '');
  const meant = /\n(\(Did you mean .*\))$/.exec(message)?.[1]?.slice(1, -1);
  const question = meant === undefined ? '' : ` ${meant}`;
  switch (code) {
    // Without a command, commander shows the help in place of a message.
    case 'commander.help':
      return 'A command is missing';
    case 'commander.unknownCommand':
      return `There is no command '${one}'.${question}`;
    case 'commander.unknownOption':
      return command.commands.length > 0
        ? `There is no option '${one}' before a command.${question}`
        : `There is no option '${one}' of this command.${question}`;
    case 'commander.missingArgument':
      return `The argument <${one}> is missing. Write: ${usage}`;
    case 'commander.optionMissingArgument':
      return `${flagOf(one)} needs a value. Write: ${one}`;
    case 'commander.conflictingOption':
      return `${flagOf(one)} and ${flagOf(two)} cannot be given together. Leave one of them out.`;
    case 'commander.excessArguments':
      return `${excess(command)} Write: ${usage}`;
    case 'commander.invalidArgument':
      return unfitValue(message);
    default:
      return message.replace(/^error: /, '');
  }
}

/** Which arguments are too many. A value with spaces may have lost its quotes. */
function excess(command: Command): string {
  const { args, registeredArguments } = command;
  const more = args
    .slice(registeredArguments.length)
    .map((arg) => inShell(arg))
    .join(' ');
  const taken = registeredArguments.length;
  if (taken === 0) return `This command takes no arguments: leave ${more} out.`;
  const most = taken === 1 ? 'one argument' : `${taken} arguments`;
  return `This command takes ${most}: leave ${more} out, or put a value with spaces in quotes.`;
}

const UNFIT_OPTION = /^error: option '(.*?)' argument '(.*?)' is invalid\. ?(.*)$/s;
const UNFIT_ARGUMENT = /^error: command-argument value '(.*?)' is invalid for argument '(.*?)'\. ?(.*)$/s;

/** `error: option '--port <port>' argument 'x' is invalid. Write a port.`, or `command-argument value 'x' ...`. */
function unfitValue(message: string): string {
  const [, flags, option, why = ''] = UNFIT_OPTION.exec(message) ?? [];
  const [, argument, name, because = ''] = UNFIT_ARGUMENT.exec(message) ?? [];
  const value = option ?? argument;
  if (value === undefined) return message.replace(/^error: /, '');
  const choices = /^Allowed choices are (.*)\.$/.exec(why || because)?.[1];
  const reason = choices === undefined ? why || because : `Choose one of ${choices}.`;
  // Many reasons begin with the value themselves.
  if (/^["']/.test(reason)) return reason;
  const place = flags === undefined ? `<${name}>` : flagOf(flags);
  return `'${value}' is no value of ${place}. ${reason}`;
}

/** The long name of `-n, --lines <count>`. */
const flagOf = (flags: string): string => /--[\w-]+/.exec(flags)?.[0] ?? flags;

/** The command that a command line names: the words before its options that are commands. */
function commandOf(program: Command, args: readonly string[]): Command {
  let command = program;
  for (const arg of args) {
    const next = command.commands.find((one) => one.name() === arg || one.aliases().includes(arg));
    if (next !== undefined) command = next;
    if (command.commands.length === 0) break;
  }
  return command;
}

/** Its names below the program. */
const namesOf = (command: Command): string[] =>
  command.parent === null ? [] : [...namesOf(command.parent), command.name()];
