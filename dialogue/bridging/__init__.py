"""The bridge: a team asks those who said something, their answers come back under the card, and so it goes on."""
