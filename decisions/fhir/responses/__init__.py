"""QuestionnaireResponses read, written, and taken apart into Observations. Pure."""
