"""Commands, declared once; each adapter renders them in its platform's own way."""
