"""Microsoft Teams: personal chats, group chats and channels of one tenant."""
