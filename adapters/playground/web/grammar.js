// The prompt's grammar: /noun verb value name: value. Pure.

const DEFAULT = "show";

/**
 * What was typed, as far as it goes.
 * stage: "noun", "verb" or "options"; typed: the piece being typed; at: where that piece begins in the text;
 * command, verb, options: what is known; option: the option being typed, or null where one may be named.
 */
export function parse(text, commands) {
  const noun = /^\/(\S*)/.exec(text)?.[1] ?? "";
  if (!text.includes(" ")) return { stage: "noun", typed: noun, at: 1, command: named(commands, noun), ...bare(commands, noun) };
  const command = named(commands, noun);
  if (!command) return { stage: "unknown", typed: "", at: 0, command: null, verb: null, options: {}, option: null };
  return afterNoun(text, noun.length + 2, command);
}

/** Whether it can be sent: a verb is known and nothing needed is missing. */
export function isComplete(parsed, given = {}) {
  return Boolean(parsed.verb) && missing(parsed, given).length === 0;
}

/** The names of options that are needed and not there yet. */
export function missing(parsed, given = {}) {
  const options = { ...given, ...parsed.options };
  return (parsed.verb?.options ?? []).filter((one) => one.required && !options[one.name]?.trim()).map((one) => one.name);
}

function named(commands, noun) {
  return commands.find((command) => command.noun === noun) ?? null;
}

function bare(commands, noun) {
  const verb = named(commands, noun)?.verbs.find((one) => one.name === DEFAULT) ?? null;
  return { verb, options: {}, option: null };
}

function afterNoun(text, at, command) {
  const rest = text.slice(at);
  const word = /^\S*/.exec(rest)[0];
  const verb = command.verbs.find((one) => one.name === word);
  if (verb && rest.length > word.length) return options(text, at + word.length + 1, command, verb);
  if (verb) return { stage: "verb", typed: word, at, command, verb, options: {}, option: null };
  const usual = command.verbs.find((one) => one.name === DEFAULT);
  if (usual && (command.verbs.length === 1 || rest.length > word.length)) return options(text, at, command, usual);
  return { stage: "verb", typed: word, at, command, verb: word ? null : usual ?? null, options: {}, option: null };
}

function options(text, at, command, verb) {
  const rest = text.slice(at);
  const names = verb.options.map((one) => one.name);
  const marks = names.length === 0 ? [] : [...rest.matchAll(new RegExp(`(?<=^|\\s)(${names.join("|")}):`, "g"))];
  const found = {};
  let option = null;
  let begin = 0;
  const lead = rest.slice(0, marks[0]?.index ?? rest.length);
  const free = names.find((name) => !marks.some((mark) => mark[1] === name));
  if (lead.trim() && free) found[free] = lead.trim();
  if (lead.trim() && free && marks.length === 0) option = free;
  marks.forEach((mark, index) => {
    const start = mark.index + mark[0].length;
    const value = rest.slice(start, marks[index + 1]?.index ?? rest.length);
    found[mark[1]] = value.trim();
    if (index === marks.length - 1) [option, begin] = [mark[1], start + (/^\s/.test(value) ? 1 : 0)];
  });
  const typed = rest.slice(begin);
  const done = option && typed.trim() && /\s$/.test(typed);
  return {
    stage: "options", typed: done || !option ? "" : typed, at: done || !option ? text.length : at + begin,
    command, verb, options: found, option: done ? null : option,
  };
}
