"""The words that open an English question, as regular expressions."""

WH = r"(?:what|which|who|whom|whose|when|where|why|how(?:\s+(?:much|many|large|big|long|often|far|old|high|soon|fast|tall|wide|deep|small|come))?)"
AUXILIARY = r"(?:is|are|was|were|will|would|does|do|did|has|have|had|can|could|should|shall|may|might|must|'s|'re|'ll)"
