"""The published service standards as data, the office's working days, self-explaining deadlines."""
