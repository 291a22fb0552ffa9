import { ExecutionContext, Injectable } from '@nestjs/common'
import { AuthGuard, PassportStrategy } from '@nestjs/passport'
import type { Request } from 'express'
import { passportJwtSecret } from 'jwks-rsa'
import { ExtractJwt, Strategy } from 'passport-jwt'
import { variable } from './config.js'
import { Problem } from './problem.js'

/** Who calls. */
export interface Caller {
  id: string
  username: string
  name: string
  roles: string[]
}

interface Claims {
  sub: string
  preferred_username: string
  name?: string
  realm_access?: { roles?: string[] }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor() {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      issuer: variable('PEER_OIDC_ISSUER'),
      audience: variable('PEER_OIDC_AUDIENCE'),
      algorithms: ['RS256', 'ES256'],
      jsonWebTokenOptions: { clockTolerance: 10 },
      secretOrKeyProvider: passportJwtSecret({
        jwksUri: variable('PEER_OIDC_JWKS_URL'),
        cache: true,
        rateLimit: true,
        jwksRequestsPerMinute: 12,
      }),
    })
  }

  validate(claims: Claims): Caller {
    if (!UUID.test(claims.sub)) throw refused("the token's subject is no user of this realm")
    const username = claims.preferred_username
    const roles = ['user', 'manager', 'admin'].filter((role) => claims.realm_access?.roles?.includes(role))
    return { id: claims.sub, username, name: claims.name ?? username, roles }
  }
}

/** Lets those in who have logged in and track time. */
@Injectable()
export class UserGuard extends AuthGuard('jwt') {
  override handleRequest<T>(error: unknown, caller: T | false, info: unknown, context: ExecutionContext): T {
    if (error) throw error
    if (caller === false) throw refusal(context.switchToHttp().getRequest<Request>(), info)
    if (!(caller as Caller).roles.includes('user')) {
      throw new Problem('forbidden', { detail: 'This needs the role `user`. Ask an administrator for it.' },
        { 'www-authenticate': 'Bearer error="insufficient_scope"' })
    }
    return caller
  }
}

function refusal(request: Request, info: unknown): Problem {
  if (request.headers.authorization === undefined) {
    return new Problem('unauthenticated', { detail: 'Send an access token: `Authorization: Bearer …`.' },
      { 'www-authenticate': 'Bearer' })
  }
  if (info instanceof Error && info.name === 'TokenExpiredError') {
    return new Problem('unauthenticated', { detail: 'The access token has expired: refresh it, or log in again.' },
      { 'www-authenticate': 'Bearer error="invalid_token", error_description="expired"' })
  }
  return refused('not issued by this realm for this API')
}

function refused(reason: string): Problem {
  return new Problem('unauthenticated', { detail: `The access token was refused: ${reason}.` },
    { 'www-authenticate': 'Bearer error="invalid_token"' })
}
