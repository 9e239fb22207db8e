"""What a company knows: sources of documents, read, cut into passages, found with the asker's rights, and quoted so
that anyone can check. docs/knowledge.md."""
