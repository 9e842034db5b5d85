"""Policy packs as documents: checked, shown in Chinese and English, compared, and traced from clause to row to test."""
