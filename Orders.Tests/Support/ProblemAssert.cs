using System.Text.Json;

namespace Orders.Tests.Support;

/// <summary>What every error has.</summary>
internal static class ProblemAssert
{
    private static readonly string[] Members = ["type", "title", "status", "detail", "code", "trace_id"];

    public static void IsProblem(RawConnection.RawAnswer? answer, int status, string code)
    {
        Assert.That(answer, Is.Not.Null, "The connection ended without an answer.");
        Assert.That((answer!.Status, answer.Headers.GetValueOrDefault("Content-Type")), Is.EqualTo((status, "application/problem+json")), answer.Body);
        Assert.That(answer.Headers.GetValueOrDefault("X-Content-Type-Options"), Is.EqualTo("nosniff"));
        Assert.That(
            answer.Headers.GetValueOrDefault("Trace-Id"), Is.EqualTo(JsonDocument.Parse(answer.Body).RootElement.GetProperty("trace_id").GetString()));
        IsProblem(answer.Body, status, code);
    }

    public static void IsProblem(string body, int status, string code)
    {
        JsonElement problem = JsonDocument.Parse(body).RootElement;
        Assert.That(problem.EnumerateObject().Select(member => member.Name), Is.SupersetOf(Members));
        Assert.That((problem.GetProperty("status").GetInt32(), problem.GetProperty("code").GetString()), Is.EqualTo((status, code)), body);
        Assert.That(problem.GetProperty("type").GetString(), Is.EqualTo($"/problems/{code}"));
        Assert.That(problem.GetProperty("trace_id").GetString(), Does.Match("^[0-9a-f]{32}$"));
    }
}
