"""How well downswings are noticed: for two commands and the documentation; nothing that serves people imports it."""
