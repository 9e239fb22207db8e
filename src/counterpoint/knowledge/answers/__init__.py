"""Claims, each with a quotation that was checked."""
