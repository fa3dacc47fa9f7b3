"""What services that keep cases have in common: clocks, files, words, numbers, reads."""
