"""Signing in at a standard provider: OpenID Connect, Authorization Code flow with PKCE."""
