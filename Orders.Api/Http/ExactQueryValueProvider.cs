using System.Globalization;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Orders.Api.Http;

/// <summary>
/// The query string's values under names in exactly their case: the framework's provider takes <c>PAGE</c> for <c>page</c>,
/// where the contract ignores it as an unknown parameter.
/// </summary>
internal sealed class ExactQueryValueProvider(QueryString query) : BindingSourceValueProvider(BindingSource.Query)
{
    public override bool ContainsPrefix(string prefix) => prefix.Length == 0 || Find(prefix).Count > 0;

    public override ValueProviderResult GetValue(string key)
    {
        StringValues values = Find(key);
        return values.Count == 0 ? ValueProviderResult.None : new ValueProviderResult(values, CultureInfo.InvariantCulture);
    }

    private StringValues Find(string name)
    {
        StringValues values = default;
        foreach (QueryStringEnumerable.EncodedNameValuePair pair in new QueryStringEnumerable(query.Value))
        {
            if (pair.DecodeName().Span.SequenceEqual(name))
            {
                values = StringValues.Concat(values, pair.DecodeValue().ToString());
                if (values.Count > 1)
                {
                    // That it came more than once is all that anybody asks. Each further one would copy those before.
                    break;
                }
            }
        }

        return values;
    }
}
