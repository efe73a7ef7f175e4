using System.Net.Http.Headers;
using Microsoft.AspNetCore.Mvc.Filters;
using Orders.Api.Http;

namespace Orders.Api.Security;

/// <summary>
/// Lets through requests that bring the key, as <c>Authorization: Bearer</c> (RFC 6750); before anything else of the request is looked at.
/// </summary>
internal sealed class ResourcesKeyFilter(ResourcesOptions options) : IAuthorizationFilter
{
    public const string Scheme = "Bearer";

    public void OnAuthorization(AuthorizationFilterContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        bool isSent = AuthenticationHeaderValue.TryParse(
            context.HttpContext.Request.Headers.Authorization, out AuthenticationHeaderValue? sent)
            && Scheme.Equals(sent.Scheme, StringComparison.OrdinalIgnoreCase) && !string.IsNullOrEmpty(sent.Parameter);
        if (!isSent || !options.IsKey(sent!.Parameter!))
        {
            context.HttpContext.Response.Headers.WWWAuthenticate = isSent ? $"{Scheme} error=\"invalid_token\"" : Scheme;
            context.Result = new ApiErrorResult(ApiError.Unauthorized);
        }
    }
}
