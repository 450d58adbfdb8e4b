// Emoji by the names that the bot and the platforms use.

export const EMOJI = {
  thumbsup: "👍", thumbsdown: "👎", heart: "❤️", tada: "🎉", eyes: "👀", white_check_mark: "✅", bulb: "💡", bug: "🐛",
  label: "🏷️", pray: "🙏", joy: "😂", rocket: "🚀", fire: "🔥", thinking: "🤔", star: "⭐", wave: "👋",
  memo: "📝", calendar: "📅", hammer: "🔨", no_entry: "⛔", pushpin: "📌", question: "❓", warning: "⚠️", speech_balloon: "💬", hourglass: "⏳", clap: "👏", sparkles: "✨",
};

/** The emoji of that name; where there is none, its name between colons. */
export function emoji(name) {
  return EMOJI[name] ?? `:${name}:`;
}

/** The text with the names of known emoji, between colons, as emoji. */
export function named(text) {
  return text.replaceAll(/:([a-z_]+):/g, (whole, name) => EMOJI[name] ?? whole);
}
