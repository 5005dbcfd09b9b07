"""Which of several announcements a question means: by its names and years, by what belongs together, by what it
compares."""
