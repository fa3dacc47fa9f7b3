"""What services that keep cases have in common: clocks, attachments, numbers, the log of reads."""
