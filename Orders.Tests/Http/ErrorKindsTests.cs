using System.Reflection;
using Orders.Api.Http;

namespace Orders.Tests.Http;

internal sealed class ErrorKindsTests
{
    private const BindingFlags Members = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The statuses that Kestrel and the framework set by themselves.</summary>
    private static readonly int[] OfFramework = [400, 404, 405, 408, 411, 413, 414, 415, 431, 500, 504, 505];

    [Test]
    public void Each_error_that_is_made_is_explained_and_no_other()
    {
        IEnumerable<ApiError> made =
        [
            .. typeof(ApiError).GetFields(Members).Select(field => (ApiError)field.GetValue(null)!),
            .. typeof(ApiError).GetMethods(Members)
                .Where(method => method.ReturnType == typeof(ApiError) && method.Name is not nameof(ApiError.FromStatus))
                .Select(method => (ApiError)method.Invoke(null, [.. method.GetParameters().Select(Any)])!),
            .. OfFramework.Select(ApiError.FromStatus),
        ];
        Assert.That(
            made.Select(error => (error.Code, error.Status)).Distinct(),
            Is.EquivalentTo(ErrorKinds.All.Select(kind => (kind.Code, kind.Status))));
        Assert.That(
            Enumerable.Range(400, 200).Select(status => ApiError.FromStatus(status).Code).Distinct(), Is.SubsetOf(ErrorKinds.All.Select(kind => kind.Code)));
        Assert.That(ErrorKinds.All.Select(kind => kind.Code), Is.Unique);
    }

    [Test]
    public void Each_is_explained_in_sentences() => Assert.That(
        ErrorKinds.All.SelectMany(kind => new[] { kind.Meaning, kind.Retry, kind.Remedy }), Is.All.Matches("^[A-Za-z].*\\.$"));

    private static object? Any(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(string) => "a",
        var type when type == typeof(int?) => 1,
        var type when type == typeof(IReadOnlyList<long>) => new long[] { 1 },
        var type when type.IsValueType => Activator.CreateInstance(type),
        _ => null,
    };
}
